/**
 * Sound and the system's notifications: what this browser was asked for, and doing it. Both are off
 * until somebody switches them on here; the browser's own permission is asked for then only.
 */

export interface Signals {
  sound: boolean;
  notify: boolean;
}

const KEY = "workpulse-alert-signals";
const OFF: Signals = { sound: false, notify: false };

/** For a browser that keeps nothing: what was chosen holds until the page is closed. */
let unkept: Signals | null = null;

export function signals(): Signals {
  if (unkept) return unkept;
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? "null");
    if (typeof kept !== "object" || kept === null) return OFF;
    return {
      sound: "sound" in kept && kept.sound === true,
      notify: "notify" in kept && kept.notify === true,
    };
  } catch {
    return OFF;
  }
}

/** Whether it could be kept. */
export function keepSignals(wished: Signals): boolean {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(wished));
    unkept = null;
    return true;
  } catch {
    unkept = wished;
    return false;
  }
}

export type Permission = "granted" | "denied" | "default" | "missing";

export function permission(): Permission {
  return "Notification" in window ? Notification.permission : "missing";
}

/** Only to be called from a click: a browser refuses anything else, for good reason. */
export async function askPermission(): Promise<Permission> {
  return "Notification" in window ? Notification.requestPermission() : "missing";
}

let audio: AudioContext | null = null;

/** Two short soft tones, made here: there is no file to load. */
export function playSound(): void {
  try {
    audio ??= new AudioContext();
    // A browser holds back sound until somebody has touched the page.
    void audio.resume().catch(() => {});
    for (const [delay, pitch] of [
      [0, 660],
      [0.14, 880],
    ] as const) {
      const begin = audio.currentTime + delay;
      const tone = audio.createOscillator();
      const loudness = audio.createGain();
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(0, begin);
      loudness.gain.linearRampToValueAtTime(0.12, begin + 0.02);
      loudness.gain.exponentialRampToValueAtTime(0.0001, begin + 0.22);
      tone.connect(loudness).connect(audio.destination);
      tone.start(begin);
      tone.stop(begin + 0.25);
    }
  } catch {
    // A machine without sound: the note on the page says it anyway.
  }
}

/** `tag`: two pages of the same browser show one notification, not two. */
export function notify(title: string, body: string, tag: string, onClick: () => void): void {
  if (permission() !== "granted") return;
  try {
    const shown = new Notification(title, { body, tag });
    shown.onclick = () => {
      window.focus();
      onClick();
      shown.close();
    };
  } catch {
    // Some phones allow them to service workers only.
  }
}
