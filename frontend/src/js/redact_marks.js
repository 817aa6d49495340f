// What can be put on a picture. Places are in the picture's own pixels; every mark draws itself at any scale.
const RED = "#d6312b";
const TILES = 6;

// A few flat tiles instead of a soft blur: of a soft one a patient reader gets words back.
function blur(context, { x, y, w, h }, base, scale) {
  const across = Math.max(1, Math.round((TILES * w) / Math.max(w, h)));
  const down = Math.max(1, Math.round((TILES * h) / Math.max(w, h)));
  const small = new OffscreenCanvas(across, down);
  const tiny = small.getContext("2d");
  tiny.imageSmoothingEnabled = true;
  tiny.drawImage(base, x * scale, y * scale, w * scale, h * scale, 0, 0, across, down);
  context.save();
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, across, down, x * scale, y * scale, w * scale, h * scale);
  context.restore();
}

function arrow(context, { x, y, w, h, width }, scale) {
  const [fromX, fromY, toX, toY] = [x, y, x + w, y + h].map((one) => one * scale);
  const angle = Math.atan2(toY - fromY, toX - fromX);
  const head = width * scale * 4;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  for (const side of [-1, 1]) {
    context.moveTo(toX, toY);
    context.lineTo(toX - head * Math.cos(angle + side * 0.5), toY - head * Math.sin(angle + side * 0.5));
  }
  context.stroke();
}

export function draw(context, mark, base, scale) {
  const box = mark.tool === "arrow" ? mark : upright(mark);
  context.lineWidth = mark.width * scale;
  context.lineCap = "round";
  context.strokeStyle = context.fillStyle = RED;
  if (mark.tool === "cover") {
    context.fillStyle = "#000";
    context.fillRect(box.x * scale, box.y * scale, box.w * scale, box.h * scale);
  } else if (mark.tool === "blur") blur(context, box, base, scale);
  else if (mark.tool === "frame") context.strokeRect(box.x * scale, box.y * scale, box.w * scale, box.h * scale);
  else if (mark.tool === "arrow") arrow(context, box, scale);
  else if (mark.tool === "text") {
    const size = Math.max(12 / scale, mark.width * 8);
    context.font = `600 ${size * scale}px sans-serif`;
    context.textBaseline = "top";
    context.lineWidth = (size / 5) * scale;
    context.strokeStyle = "#fff";
    context.lineJoin = "round";
    context.strokeText(mark.words, box.x * scale, box.y * scale);
    context.fillText(mark.words, box.x * scale, box.y * scale);
  }
}

// Drawn from right to left or upwards, a box is the same box.
export function upright({ x, y, w, h, ...rest }) {
  return { ...rest, x: Math.min(x, x + w), y: Math.min(y, y + h), w: Math.abs(w), h: Math.abs(h) };
}

export function within({ x, y, w, h, ...rest }, bounds) {
  const left = Math.min(Math.max(x, 0), bounds.w);
  const top = Math.min(Math.max(y, 0), bounds.h);
  return { ...rest, x: left, y: top, w: Math.min(Math.max(x + w, 0), bounds.w) - left, h: Math.min(Math.max(y + h, 0), bounds.h) - top };
}
