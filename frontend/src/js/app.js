// Pages of the desk.
import "./portal.js";
import "basecoat-css/popover";
import "basecoat-css/tabs";
import "./hotkeys.js";
import "./list.js";
import "./fields.js";
import "./tabs.js";
import "./sidebar.js";
import "./palette.js";
import "./recent.js";
import "./leave.js";
import "./copy.js";
import "./notices.js";
import "./saved_replies.js";
import "./macros.js";
import "./steps.js";
