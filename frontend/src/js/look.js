// The look by name, from the palette.
import { addBehavior } from "./commands.js";
import { switchContrast } from "./theme.js";

addBehavior("contrast", switchContrast);
