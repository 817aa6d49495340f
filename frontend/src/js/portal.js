// Pages of requesters, and those without a desk around them.
import "./core.js";
import "./keep.js";
import "./composer.js";
import "./here.js";
import "./scroll.js";
import "./pictures.js";
