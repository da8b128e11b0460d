// Recordings at the desk: what the microphone hears becomes the form's file, which is heard and then sent with its
// progress told. Without it a file is chosen, and the browser sends it.
const BITS_A_SECOND = 96000;
const LOST = "Mất kết nối khi đang gửi. Bản thu vẫn còn ở đây: xin bấm gửi lại.";
const FAILED = "Chưa gửi được. Bản thu vẫn còn ở đây: xin đăng nhập lại ở một thẻ khác rồi bấm gửi lại.";
const TOO_LARGE = "Tệp này quá lớn. Hãy gửi tệp MP3 hoặc M4A thay cho WAV, hoặc cắt bớt.";

let taking = null; // what the microphone hears just now

const minutes = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

function tell(place, text, fault = false) {
  const said = place.querySelector("[data-said]");
  said.textContent = text;
  said.className = fault ? "fault" : "quiet";
}

function show(place, file) {
  const heard = place.querySelector("[data-heard]");
  URL.revokeObjectURL(heard.src);
  heard.hidden = !file;
  if (file) heard.src = URL.createObjectURL(file);
  else heard.removeAttribute("src");
}

function chosen(event) {
  const place = event.target.closest("[data-recording]");
  if (!place || event.target.type !== "file") return;
  const file = event.target.files[0];
  const large = file && file.size > Number(place.dataset.most);
  event.target.setCustomValidity(large ? TOO_LARGE : "");
  tell(place, large ? TOO_LARGE : "", large);
  show(place, file);
}

async function record(event) {
  const asked = event.target.closest("[data-record]");
  if (!asked) return;
  if (taking) {
    taking.stop();
    return;
  }
  const place = asked.closest("[data-recording]");
  try {
    take(place, asked, await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } }));
  } catch {
    taking = null;
    tell(place, "Không dùng được micro của máy này, hãy chọn tệp.", true);
  }
}

function take(place, asked, stream) {
  const [field, clock] = [place.querySelector("input[type=file]"), place.querySelector("[data-clock]")];
  const [parts, begun] = [[], Date.now()];
  taking = new MediaRecorder(stream, { audioBitsPerSecond: BITS_A_SECOND });
  taking.addEventListener("dataavailable", (part) => parts.push(part.data));
  taking.addEventListener("stop", () => {
    stream.getTracks().forEach((track) => track.stop());
    clearInterval(ticking);
    const kind = taking.mimeType.split(";")[0];
    taking = null;
    const files = new DataTransfer();
    files.items.add(new File(parts, `thu-truc-tiep.${kind.split("/")[1]}`, { type: kind }));
    field.files = files.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    asked.textContent = "● Thu lại";
    tell(place, "Đã thu xong. Hãy nghe lại rồi bấm gửi.");
  });
  taking.start();
  const ticking = setInterval(() => { clock.textContent = minutes(Date.now() - begun); }, 250);
  place.dataset.unsent = "";
  show(place, null);
  asked.textContent = "■ Dừng";
  tell(place, "Đang thu…");
}

function send(event) {
  const place = event.target.querySelector("[data-recording]");
  if (!place) return;
  event.preventDefault();
  if (taking) {
    tell(place, "Máy đang thu: hãy bấm “Dừng” trước khi gửi.", true);
    return;
  }
  const [bar, clock] = [place.querySelector("progress"), place.querySelector("[data-clock]")];
  const request = new XMLHttpRequest(); // fetch does not tell how much was sent
  const over = (fault) => {
    event.submitter.disabled = false;
    bar.hidden = true;
    clock.textContent = "";
    if (fault) tell(place, fault, true);
  };
  request.open("POST", event.target.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (sent) => {
    bar.value = sent.loaded / sent.total;
    clock.textContent = `${Math.floor(100 * bar.value)} %`;
  });
  request.addEventListener("error", () => over(LOST));
  request.addEventListener("load", () => {
    const answer = request.response || {};
    over(answer.place ? "" : answer.message || (request.status === 413 ? TOO_LARGE : FAILED));
    if (answer.place && event.target.matches("[data-next]")) next(event.target);
    else if (answer.place) leave(event.target, new URL(answer.place, location.href));
  });
  request.send(new FormData(event.target));
  event.submitter.disabled = true;
  bar.hidden = false;
  tell(place, "Đang gửi…");
}

function leave(form, to) {
  form.reset(); // a browser would fill the page in again, which then looked as if somebody were typing
  delete form.querySelector("[data-recording]").dataset.unsent;
  if (to.pathname !== location.pathname) {
    location.assign(to);
    return;
  }
  location.hash = to.hash; // the same page would otherwise only be scrolled
  location.reload();
}

// Sentences in a row: one is in sight, and who has sent it goes on to the next with their name.
const row = document.querySelector("[data-row]");
const places = row ? [...row.children] : [];

function showOnly(place) {
  for (const each of places) each.hidden = each !== place;
  document.querySelector("[data-over]").hidden = Boolean(place);
  place?.querySelector("[data-record]").focus();
}

function next(form) {
  const place = form.closest("li");
  const following = places[places.indexOf(place) + 1];
  const name = form.elements.announcer?.value;
  delete place.querySelector("[data-recording]").dataset.unsent;
  place.dataset.done = "";
  if (following && name) following.querySelector("[name=announcer]").value = name;
  showOnly(following);
}

function byKey(event) {
  const place = places.find((each) => !each.hidden);
  if (!place || event.target.matches("input:not([type=file]), textarea, button, audio")) return;
  if (event.key === " ") place.querySelector("[data-record]").click();
  else if (event.key === "Enter") place.querySelector("form").requestSubmit();
  else return;
  event.preventDefault();
}

if (row) {
  row.querySelectorAll("[data-skip]").forEach((each) => { each.hidden = false; });
  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-skip]")) next(event.target.form);
  });
  document.addEventListener("keydown", byKey);
}

document.addEventListener("change", chosen);
document.addEventListener("click", record);
document.addEventListener("submit", send);
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("[data-unsent]")) event.preventDefault();
});
const NO_MICROPHONE = "Trình duyệt chỉ cho thu ngay ở địa chỉ https; ở đây hãy chọn tệp đã thu.";

function offer() {
  if (!navigator.mediaDevices || !window.MediaRecorder) {
    document.querySelectorAll("[data-record][hidden]").forEach((each) => tell(each.closest("[data-recording]"), NO_MICROPHONE));
    return;
  }
  document.querySelectorAll("[data-record]").forEach((each) => { each.hidden = false; });
}

offer();
if (row) showOnly(places.find((each) => !("done" in each.dataset)));
document.addEventListener("toggle", offer, true); // forms of a sentence are made when they are opened
document.addEventListener("error", (event) => { if (event.target.matches?.("[data-heard]")) event.target.hidden = true; }, true);
