// The webcam's picture, which stays in the browser until one is taken.
import { html, useEffect, useRef, useState } from "../html.js";
import { Problem } from "../parts.js";

/** @param onPicture takes a JPEG file */
export function Webcam({ onPicture }) {
  const video = useRef();
  const [ready, setReady] = useState(false);
  const [error, setError] = useState(null);
  useEffect(() => {
    let stream = null;
    let closed = false;
    const stop = () => stream?.getTracks().forEach(track => track.stop());
    navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } } }).then(opened => {
      stream = opened;
      if (closed) {
        stop();
      } else {
        video.current.srcObject = stream;
      }
    }, problem => closed || setError({ message: `The webcam cannot be used: ${problem.message}.` }));
    return () => {
      closed = true;
      stop();
    };
  }, []);
  const take = () => {
    const canvas = document.createElement("canvas");
    canvas.width = video.current.videoWidth;
    canvas.height = video.current.videoHeight;
    canvas.getContext("2d").drawImage(video.current, 0, 0);
    canvas.toBlob(blob => onPicture(new File([blob], "webcam.jpg", { type: "image/jpeg" })), "image/jpeg", .95);
  };
  return html`<section class="card webcam"><${Problem} error=${error} />
    <video ref=${video} autoplay muted playsinline aria-label="The webcam's picture" onLoadedData=${() => setReady(true)}></video>
    <button type="button" class="main" disabled=${!ready} onClick=${take}>Take a picture</button></section>`;
}
