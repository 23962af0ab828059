/** What people choose first, in the languages of the product, and what keyboards suggest. Longer than that, it is no common word. */
export const COMMON_WORDS: readonly string[] = [
  ...['password', 'passwort', 'passw0rd', 'p@ssword', 'p@ssw0rd', 'kennwort', 'geheim', 'secret', 'letmein', 'welcome'],
  ...['willkommen', 'hallo', 'hello', 'admin', 'administrator', 'adminadmin', 'root', 'user', 'benutzer', 'guest', 'gast'],
  ...['test', 'testtest', 'testing', 'demo', 'default', 'changeme', 'changeit', 'aendern', 'signalpost', 'thingsboard'],
  ...['iloveyou', 'ichliebedich', 'schatz', 'sunshine', 'princess', 'dragon', 'monkey', 'football', 'fussball', 'baseball'],
  ...['basketball', 'superman', 'batman', 'starwars', 'pokemon', 'master', 'shadow', 'michael', 'daniel', 'jessica'],
  ...['ashley', 'charlie', 'thomas', 'andreas', 'sommer', 'winter', 'summer', 'herbst', 'spring', 'autumn', 'deutschland'],
  ...['germany', 'berlin', 'hamburg', 'muenchen', 'london', 'america', 'january', 'januar', 'monday', 'montag'],
  ...['computer', 'internet', 'server', 'database', 'microsoft', 'google', 'samsung', 'trustno', 'whatever', 'freedom'],
  ...['qwerty', 'qwertz', 'qwertyuiop', 'qwertzuiop', 'qwertyuiopasdfghjkl', 'asdfghjkl', 'asdfgh', 'asdf', 'zxcvbnm', 'yxcvbnm'],
  ...['abcdef', 'abcdefgh', 'abcdefghijkl', 'abcdefghijklmnopqrstuvwxyz', 'abc', 'qazwsx', 'qazwsxedc', 'qazwsxedcrfv'],
  ...['123456789012', '1234567890123', '12345678901234', '123456789123', '1234567891011', '0123456789012', '012345678910'],
  ...['987654321098', '098765432109', '112233445566', '123123123123', '121212121212', '123321123321', '147258369147'],
  ...['1q2w3e4r5t6y', '1q2w3e4r5t6z', '1qaz2wsx3edc', '1q2w3e4r1q2w', 'q1w2e3r4t5y6', 'q1w2e3r4t5z6', 'a1b2c3d4e5f6', 'zaq12wsxcde3'],
  ...['passwordpassword1', 'passwort12345678', 'password1234', 'correcthorsebatterystaple', 'correct horse battery staple'],
];
