/** The other floor: nodemailer alone, all mails handed to its pool of 10 at once and kept in memory. */
import nodemailer from 'nodemailer';

const { SMTP_PORT } = process.env;
const transport = nodemailer.createTransport({
  host: '127.0.0.1',
  port: Number(SMTP_PORT),
  secure: false,
  ignoreTLS: true,
  pool: true,
  maxConnections: 10,
  maxMessages: Infinity,
});

process.on('message', ({ first, count }: { first: number; count: number }) => {
  for (let id = first; id < first + count; id++) {
    void transport.sendMail({
      from: 'alarms@example.org',
      to: 'user@example.org',
      subject: `bench ${id}`,
      text: `{"temperature":90,"humidity":40,"id":${id}}`,
    });
  }
});
process.on('disconnect', () => process.exit(0));
process.stdout.write('ready\n');
