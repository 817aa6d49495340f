// What every page has, whoever reads it.
import "./setup.js";
import "./theme.js";
import "./dialog.js";
import "./toast.js";
import "./toasts.js";
import "./forms.js";
import "./focus.js";
import "./menus.js";
import "./live.js";
import "./ticking.js";
import { showKeys } from "./keys.js";

document.addEventListener("DOMContentLoaded", () => showKeys());
