import accountCircle from '@material-symbols/svg-400/rounded/account_circle.svg';
import accountTree from '@material-symbols/svg-400/rounded/account_tree.svg';
import add from '@material-symbols/svg-400/rounded/add.svg';
import arrowBack from '@material-symbols/svg-400/rounded/arrow_back.svg';
import block from '@material-symbols/svg-400/rounded/block.svg';
import cancel from '@material-symbols/svg-400/rounded/cancel.svg';
import check from '@material-symbols/svg-400/rounded/check.svg';
import checkCircleFill from '@material-symbols/svg-400/rounded/check_circle-fill.svg';
import chevronRight from '@material-symbols/svg-400/rounded/chevron_right.svg';
import chatBubble from '@material-symbols/svg-400/rounded/chat_bubble.svg';
import circle from '@material-symbols/svg-400/rounded/circle.svg';
import close from '@material-symbols/svg-400/rounded/close.svg';
import cloudOff from '@material-symbols/svg-400/rounded/cloud_off.svg';
import contentCopy from '@material-symbols/svg-400/rounded/content_copy.svg';
import contrast from '@material-symbols/svg-400/rounded/contrast.svg';
import darkMode from '@material-symbols/svg-400/rounded/dark_mode.svg';
import deleteIcon from '@material-symbols/svg-400/rounded/delete.svg';
import devices from '@material-symbols/svg-400/rounded/devices.svg';
import dns from '@material-symbols/svg-400/rounded/dns.svg';
import domain from '@material-symbols/svg-400/rounded/domain.svg';
import doneAll from '@material-symbols/svg-400/rounded/done_all.svg';
import download from '@material-symbols/svg-400/rounded/download.svg';
import draw from '@material-symbols/svg-400/rounded/draw.svg';
import edit from '@material-symbols/svg-400/rounded/edit.svg';
import errorFill from '@material-symbols/svg-400/rounded/error-fill.svg';
import forwardToInbox from '@material-symbols/svg-400/rounded/forward_to_inbox.svg';
import group from '@material-symbols/svg-400/rounded/group.svg';
import help from '@material-symbols/svg-400/rounded/help.svg';
import history from '@material-symbols/svg-400/rounded/history.svg';
import home from '@material-symbols/svg-400/rounded/home.svg';
import hourglassTop from '@material-symbols/svg-400/rounded/hourglass_top.svg';
import inbox from '@material-symbols/svg-400/rounded/inbox.svg';
import info from '@material-symbols/svg-400/rounded/info.svg';
import key from '@material-symbols/svg-400/rounded/key.svg';
import keyboardArrowDown from '@material-symbols/svg-400/rounded/keyboard_arrow_down.svg';
import keyboardArrowUp from '@material-symbols/svg-400/rounded/keyboard_arrow_up.svg';
import keyboardDoubleArrowUp from '@material-symbols/svg-400/rounded/keyboard_double_arrow_up.svg';
import lan from '@material-symbols/svg-400/rounded/lan.svg';
import language from '@material-symbols/svg-400/rounded/language.svg';
import lightMode from '@material-symbols/svg-400/rounded/light_mode.svg';
import link from '@material-symbols/svg-400/rounded/link.svg';
import lock from '@material-symbols/svg-400/rounded/lock.svg';
import lockOpen from '@material-symbols/svg-400/rounded/lock_open.svg';
import logout from '@material-symbols/svg-400/rounded/logout.svg';
import mail from '@material-symbols/svg-400/rounded/mail.svg';
import markEmailRead from '@material-symbols/svg-400/rounded/mark_email_read.svg';
import menu from '@material-symbols/svg-400/rounded/menu.svg';
import moreHoriz from '@material-symbols/svg-400/rounded/more_horiz.svg';
import moreVert from '@material-symbols/svg-400/rounded/more_vert.svg';
import notifications from '@material-symbols/svg-400/rounded/notifications.svg';
import notificationsOff from '@material-symbols/svg-400/rounded/notifications_off.svg';
import openInNew from '@material-symbols/svg-400/rounded/open_in_new.svg';
import outbox from '@material-symbols/svg-400/rounded/outbox.svg';
import palette from '@material-symbols/svg-400/rounded/palette.svg';
import pause from '@material-symbols/svg-400/rounded/pause.svg';
import person from '@material-symbols/svg-400/rounded/person.svg';
import personAdd from '@material-symbols/svg-400/rounded/person_add.svg';
import refresh from '@material-symbols/svg-400/rounded/refresh.svg';
import replay from '@material-symbols/svg-400/rounded/replay.svg';
import report from '@material-symbols/svg-400/rounded/report.svg';
import schedule from '@material-symbols/svg-400/rounded/schedule.svg';
import search from '@material-symbols/svg-400/rounded/search.svg';
import send from '@material-symbols/svg-400/rounded/send.svg';
import sensors from '@material-symbols/svg-400/rounded/sensors.svg';
import settings from '@material-symbols/svg-400/rounded/settings.svg';
import shield from '@material-symbols/svg-400/rounded/shield.svg';
import starFill from '@material-symbols/svg-400/rounded/star-fill.svg';
import star from '@material-symbols/svg-400/rounded/star.svg';
import stethoscope from '@material-symbols/svg-400/rounded/stethoscope.svg';
import undo from '@material-symbols/svg-400/rounded/undo.svg';
import uploadFile from '@material-symbols/svg-400/rounded/upload_file.svg';
import verifiedUser from '@material-symbols/svg-400/rounded/verified_user.svg';
import visibility from '@material-symbols/svg-400/rounded/visibility.svg';
import visibilityOff from '@material-symbols/svg-400/rounded/visibility_off.svg';
import warningFill from '@material-symbols/svg-400/rounded/warning-fill.svg';

/** Material Symbols (rounded, weight 400) that the product uses; only these are in the build. */
export const ICONS = {
  'account-circle': accountCircle,
  'account-tree': accountTree,
  add,
  'arrow-back': arrowBack,
  block,
  cancel,
  check,
  'check-circle-fill': checkCircleFill,
  'chevron-right': chevronRight,
  'chat-bubble': chatBubble,
  circle,
  close,
  'cloud-off': cloudOff,
  'content-copy': contentCopy,
  contrast,
  'dark-mode': darkMode,
  delete: deleteIcon,
  devices,
  dns,
  domain,
  'done-all': doneAll,
  download,
  draw,
  edit,
  'error-fill': errorFill,
  'forward-to-inbox': forwardToInbox,
  group,
  help,
  history,
  home,
  'hourglass-top': hourglassTop,
  inbox,
  info,
  key,
  'keyboard-arrow-down': keyboardArrowDown,
  'keyboard-arrow-up': keyboardArrowUp,
  'keyboard-double-arrow-up': keyboardDoubleArrowUp,
  lan,
  language,
  'light-mode': lightMode,
  link,
  lock,
  'lock-open': lockOpen,
  logout,
  mail,
  'mark-email-read': markEmailRead,
  menu,
  'more-horiz': moreHoriz,
  'more-vert': moreVert,
  notifications,
  'notifications-off': notificationsOff,
  'open-in-new': openInNew,
  outbox,
  palette,
  pause,
  person,
  'person-add': personAdd,
  refresh,
  replay,
  report,
  schedule,
  search,
  send,
  sensors,
  settings,
  shield,
  star,
  'star-fill': starFill,
  stethoscope,
  undo,
  'upload-file': uploadFile,
  'verified-user': verifiedUser,
  visibility,
  'visibility-off': visibilityOff,
  'warning-fill': warningFill,
};

export type IconName = keyof typeof ICONS;
