// What the list of tickets needs, and with it every page of the desk; what the others need besides is in `rest.js`.
import "./core.js";
import "./hotkeys.js";
import "./list.js";
import "./select.js";
import "./suggest.js";
import "./sidebar.js";
import "./look.js";
import "./sheet.js";
import "./palette.js";
import "./recent.js";
import "./leave.js";
import "./snooze.js";
import "./notices.js";
import "./held.js";
