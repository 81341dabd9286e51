"""Runs a sample and checks what it does.   check.py console|service|c PROGRAM..."""
import atexit, http.client, json, os, re, signal, subprocess, sys, threading, time, zipfile


def run(*arguments):
    done = subprocess.run([*PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert "   at " not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def losses(text):
    return [float(loss) for loss in re.findall(r"^epoch \d+ of \d+: loss ([\d.]+)", text, re.M)]


def recurrent_bytes(file):
    return len(zipfile.ZipFile(file).read("recurrent_kernel.npy"))


def interrupted(*arguments):
    """Sends Ctrl-C after the first epoch."""
    process = subprocess.Popen([*PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("epoch 1 "), process.stderr.read()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (130, "interrupted; nothing was written\n"), (process.returncode, errors)
    assert not os.path.exists(arguments[0])


def refused(code, said, *arguments):
    found, output, errors = run(*arguments)
    assert found == code and said in errors and errors.count("\n") == 1 and not losses(output), (found, output, errors)


def console():
    code, output, errors = run("network.npz", 50, 4)
    found = losses(output)
    assert code == 0 and len(found) == 4 and found[-1] < found[0] and errors == "", (code, output, errors)
    radius = float(re.search(r"Ring of radius ([\d.]+)", output)[1])
    assert 0.5 < radius < 0.7 and recurrent_bytes("network.npz") > 4 * 50 * 50, output
    refused(2, "units: found -3", "bad.npz", -3)
    refused(2, "epochs: found many", "bad.npz", 50, "many")
    interrupted("stopped.npz", 200, 1000)
    print(f"console: losses {found}, ring of radius {radius}; bad input 2, Ctrl-C 130")


def c():
    code, output, errors = run("c.npz", "task", "xor", "units", 40, "epochs", 4, "trials", 2050)
    found = losses(output)
    assert code == 0 and len(found) == 4 and found[-1] < found[0] and errors == "", (code, output, errors)
    assert "40 eigenvalues" in output and recurrent_bytes("c.npz") > 4 * 40 * 40, output
    refused(2, "units: found -3", "bad.npz", "units", -3)
    refused(2, "did you mean 'units'", "bad.npz", "unit", 3)
    interrupted("stopped-c.npz", "units", 200, "epochs", 1000)
    print(f"c: losses {found}; bad input 2, Ctrl-C 130")


def until(holds, what):
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


class Service:
    def __init__(self, *options):
        self.process = subprocess.Popen([*PROGRAM, "--urls", "http://127.0.0.1:0", *map(str, options)], stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        for line in self.process.stdout:
            if found := re.search(r"Now listening on: http://127\.0\.0\.1:(\d+)", line): break
        self.port = int(found[1])
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def ask(self, method, path, body=None, kind="application/json", host=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Content-Type": kind} if body is not None else {}
        if host: headers["Host"] = host
        connection.request(method, path, body if body is None or isinstance(body, (str, bytes)) else json.dumps(body), headers)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if "json" in answer.getheader("Content-Type", "") else content

    def post(self, **settings):
        status, standing = self.ask("POST", "/trainings", settings)
        return standing["id"] if status == 202 else status

    def events(self, id):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", f"/trainings/{id}/events")
        answer = connection.getresponse()
        assert answer.status == 200 and answer.getheader("Content-Type").startswith("text/event-stream"), answer.status
        kind = None
        for line in answer:
            if line.startswith(b"event: "): kind = line[7:].strip().decode()
            if line.startswith(b"data: "): yield kind, json.loads(line[6:])

    def state(self, id):
        return self.ask("GET", f"/trainings/{id}")[1]["state"]

    def wait(self, id, state):
        until(lambda: self.state(id) == state, f"{id} {state}")


def service():
    server = Service("--workers", 1, "--queue", 2, "--kept", 4)
    # A training from its settings to its network.
    first = server.post(task="xor", units=40, epochs=20, trials=2050, seed=3)
    told = list(server.events(first))
    kind, last = told[-1]
    epochs = [standing["epoch"] for _, standing in told]
    assert kind == last["state"] == "done" and last["epoch"] == 20 and epochs == sorted(epochs) and len(set(epochs)) >= 3, told
    assert all(standing["loss"] > 0 and standing["seconds_left"] >= 0 for _, standing in told if standing["epoch"]), told
    status, spectrum = server.ask("GET", f"/trainings/{first}/spectrum")
    moduli = [abs(complex(*value)) for value in spectrum["eigenvalues"]]
    assert status == 200 and len(moduli) == 40 and moduli == sorted(moduli, reverse=True), spectrum
    assert abs(moduli[0] - spectrum["spectral_radius"]) < 1e-12 and spectrum["shape"] in ("ring", "disc"), spectrum
    status, network = server.ask("GET", f"/trainings/{first}/network")
    with open("served.npz", "wb") as file: file.write(network)
    assert status == 200 and recurrent_bytes("served.npz") > 4 * 40 * 40
    assert list(server.events(first))[-1][0] == "done" # a late reader

    # What cannot be used, each with a sentence.
    for code, body, said in ((400, {"units": -3}, "units: found -3"), (400, {"unit": 3}, "did you mean 'units'"), (400, "{", "body"),
                             (400, "[]", "an object of settings"), (400, '{"units":3,"units":4}', "units"), (400, {"seed": 1.5}, "seed"),
                             (400, {"units": 10000}, "MiB of memory"), (400, {"task_file": "/etc/passwd"}, "files of the server"),
                             (400, {"units": None}, "units"), (413, " " * 70000, "too large")):
        status, answer = server.ask("POST", "/trainings", body)
        assert status == code and said in answer["error"], (body, status, answer)
    assert server.ask("POST", "/trainings", "{}", kind="text/plain")[0] == 415
    assert server.ask("GET", f"/trainings/{first}", host="elsewhere.example")[0] == 400
    assert server.ask("GET", "/trainings/none")[0] == server.ask("DELETE", "/trainings/none")[0] == 404

    # One runs, two wait, one more is refused; each of them is cancelled, and has no spectrum.
    long = dict(units=200, epochs=100000)
    running = server.post(**long)
    server.wait(running, "training")
    waiting = [server.post(**long), server.post(**long)]
    assert server.post(**long) == 503 and [server.state(id) for id in waiting] == ["queued", "queued"]
    stream = server.events(running)
    next(stream)
    for id in [*waiting, running]: assert server.ask("DELETE", f"/trainings/{id}")[0] == 200
    *_, (kind, _) = stream
    assert kind == "cancelled" and server.ask("GET", f"/trainings/{running}/spectrum")[0] == 409
    for id in waiting: server.wait(id, "cancelled")

    # Only the last four that are over are kept.
    fifth = server.post(units=4, epochs=1, trials=60, test_trials=10)
    until(lambda: server.ask("GET", f"/trainings/{first}")[0] == 404, "the first is forgotten")
    assert server.state(fifth) == "done" and server.ask("GET", f"/trainings/{first}/network")[0] == 404
    files = [name for folder in os.listdir(os.environ["TMPDIR"]) if folder.startswith("eirnn-service-")
             for name in os.listdir(f"{os.environ['TMPDIR']}/{folder}")]
    assert files == [f"{fifth}.npz"], files

    # The end of the service cancels what runs; its streams end, and it leaves nothing behind.
    running = server.post(**long)
    server.wait(running, "training")
    stream = server.events(running)
    next(stream)
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    *_, (kind, _) = stream
    assert (kind, server.process.wait(timeout=60)) == ("cancelled", 0)
    left = [name for name in os.listdir(os.environ["TMPDIR"]) if name.startswith("eirnn-service-")]
    assert left == [], left
    refusal = subprocess.run([*PROGRAM, "--queue", "none"], capture_output=True, text=True, timeout=60)
    assert refusal.returncode == 2 and refusal.stderr.count("\n") == 1 and "Queue: found none" in refusal.stderr, refusal
    refusal = subprocess.run([*PROGRAM, "--urls", "nowhere"], capture_output=True, text=True, timeout=60)
    assert refusal.returncode == 2 and refusal.stderr.count("\n") == 1 and "--urls: " in refusal.stderr, refusal
    print(f"service: {len(told)} events, ring and network served, bad input 400, a full queue 503, cancelled, ended in "
          f"{time.monotonic() - begun:.1f} s")


what, *PROGRAM = sys.argv[1:]
{"console": console, "service": service, "c": c}[what]()
