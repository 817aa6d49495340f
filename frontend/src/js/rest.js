// The pages beside the list of tickets: conversations, panels, forms. What `app.js` has already is taken from there.
import "./composer.js";
import "./held_line.js";
import "./here.js";
import "./here_faces.js";
import "./scroll.js";
import "./tabs.js";
import "./fields.js";
import "./copy.js";
import "./saved_replies.js";
import "./macros.js";
import "./steps.js";
import "./overlay.js";
import "./exposure.js";
import "./handover.js";
import "./handling.js";
