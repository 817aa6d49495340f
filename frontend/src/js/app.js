// Pages of the desk, and all that the list of tickets needs; the other pages have `rest.js` besides.
import "./core.js";
import "./hotkeys.js";
import "./list.js";
import "./select.js";
import "./sidebar.js";
import "./look.js";
import "./palette.js";
import "./recent.js";
import "./leave.js";
import "./snooze.js";
import "./notices.js";
import "./saved_replies.js";
import "./macros.js";
import "./steps.js";
import "./overlay.js";
import "./held.js";
