"""Sweeps through the package: recorded as `eirnn sweep` records, resumed, read."""

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import warnings
from pathlib import Path

import numpy as np

import eirnn

PLAN = {"task": "and", "units": [8, 12], "seeds": 2, "epochs": 1, "trials": 300}


def column(frame, name):
    return np.asarray(frame[name]).tolist()


class Sweeps(unittest.TestCase):
    def setUp(self):
        self._scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self._scratch.name)

    def tearDown(self):
        self._scratch.cleanup()

    def test_a_sweep_is_recorded_and_read(self):
        runs = eirnn.sweep(PLAN, out=self.folder / "s", workers=2)
        frame = runs.frame()
        self.assertEqual(column(frame, "status"), ["done"] * 4)
        self.assertEqual(sorted(column(frame, "units")), [8, 8, 12, 12])
        self.assertEqual(len(runs), 4)
        self.assertIn("4 done", repr(runs))
        for run_id, units, seed in zip(*(column(frame, name) for name in ("run_id", "units", "seed"))):
            alone = eirnn.train(**{**PLAN, "units": units, "seeds": None, "seed": seed})
            self.assertEqual(runs.network(run_id).recurrent_kernel.tobytes(), alone.network.recurrent_kernel.tobytes())
            values = runs.eigenvalues()
            mine = (np.asarray(values["run_id"]) == run_id) & (np.asarray(values["stage"]) == "final")
            found = np.asarray(values["re"])[mine] + 1j * np.asarray(values["im"])[mine]
            self.assertEqual(found.tolist(), alone.spectrum.eigenvalues.tolist())
        self.assertEqual(len(np.asarray(runs.losses()["loss"])), 4)
        self.assertEqual(pickle.loads(pickle.dumps(runs)), runs)
        self.assertEqual(list(eirnn.open(self.folder / "s")), column(frame, "run_id"))

    def test_the_same_call_goes_on_and_a_larger_plan_adds(self):
        eirnn.sweep(PLAN, out=self.folder / "s")
        finished = column(eirnn.open(self.folder / "s").frame(), "finished")
        more = eirnn.sweep({**PLAN, "units": [8, 12, 16]}, out=self.folder / "s").frame()
        self.assertEqual(len(column(more, "units")), 6)
        self.assertTrue(set(finished) <= set(column(more, "finished")))

    def test_it_is_the_sweep_of_the_program(self):
        program = os.environ.get("EIRNN_PROGRAM")
        if not program:
            self.skipTest("EIRNN_PROGRAM does not name eirnn.dll")
        plan = self.folder / "plan.toml"
        plan.write_text('task = "and"\nunits = [8, 12]\nseeds = 2\nepochs = 1\ntrials = 300\n')
        subprocess.run(["dotnet", program, "sweep", plan, "--out", self.folder / "theirs", "--quiet",
                        "--kernels", eirnn.info()["kernel_set"]], check=True, stdout=subprocess.DEVNULL)
        eirnn.sweep(plan, out=self.folder / "ours", keep_weights=False)
        tables = []
        for name in ("theirs", "ours"):
            subprocess.run(["dotnet", program, "export", self.folder / name, "--csv", self.folder / f"{name}.csv", "--quiet"], check=True)
            read = eirnn.open(self.folder / name)._table("runs")
            differ = ("started", "finished", "seconds", "lapack", "version")
            tables.append({key: values.tolist() for key, values in read.items() if key not in differ})
            header = (self.folder / f"{name}.csv").read_text().splitlines()[0].split(",")
            self.assertEqual(header, list(read))
        self.assertEqual(repr(tables[0]), repr(tables[1]))  # NaN is NaN
        status = subprocess.run(["dotnet", program, "status", self.folder / "ours"], check=True, capture_output=True, text=True).stdout
        self.assertIn("4 of 4 done", status)

    def test_analyses_of_a_plan(self):
        plan = {**PLAN, "epochs": 4}
        asked = {**plan, "track_spectrum": 2, "generalise": {"gap": [10, 40], "noise_in": 0.1}}
        runs = eirnn.sweep(asked, out=self.folder / "s")
        self.assertEqual(sorted(column(runs.epochs(), "epoch")), [0] * 4 + [2] * 4 + [4] * 4)
        self.assertEqual(sorted(set(zip(column(runs.generalisation(), "option"), column(runs.generalisation(), "value")))),
                         [("gap", 10.0), ("gap", 20.0), ("gap", 40.0), ("noise_in", 0.0), ("noise_in", 0.1)])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            eirnn.sweep(asked, out=self.folder / "s")
            eirnn.sweep(plan, out=self.folder / "s")
        with self.assertWarnsRegex(UserWarning, "4 recorded.*another out"):
            eirnn.sweep({**asked, "track_spectrum": 1}, out=self.folder / "s")

    def test_include_exclude_options_and_numpy_values(self):
        runs = eirnn.sweep({"task": "delayed-response", "task_options": {"gap": 20}, "units": np.array([8, 12]), "seeds": 1, "epochs": 1,
                            "trials": 200, "gain": np.float32(1.0), "exclude": {"units": 12},
                            "include": [{"units": 16, "balanced": True}]}, out=self.folder / "s").frame()
        self.assertEqual(sorted(column(runs, "units")), [8, 16])

    def test_what_cannot_be_used_is_refused_and_nothing_stays(self):
        for plan in ({**PLAN, "unitss": 3}, {**PLAN, "units": []}, {**PLAN, "units": object()}, {**PLAN, "task": "no such"},
                     self.folder / "none.toml", {**PLAN, "units": -1}):
            with self.assertRaises(eirnn.InvalidInput, msg=str(plan)):
                eirnn.sweep(plan, out=self.folder / "s")
            self.assertFalse((self.folder / "s").exists())
        with self.assertRaises(eirnn.InvalidInput):
            eirnn.sweep(PLAN, out=self.folder / "s", workers=0)
        with self.assertRaises(eirnn.InvalidInput):
            eirnn.open(self.folder)
        runs = eirnn.sweep(PLAN, out=self.folder / "s", keep_weights=False)
        with self.assertRaises(eirnn.InvalidInput):
            runs.network(next(iter(runs)))

    def test_ctrl_c_leaves_runs_and_the_next_call_goes_on(self):
        out = self.folder / "s"
        code = ("import eirnn\ntry:\n"
                f" eirnn.sweep({{'task': 'and', 'units': 100, 'seeds': 2, 'epochs': 500, 'trials': 2000}}, {str(out)!r})\n"
                "except KeyboardInterrupt: print('left')")
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        while not list(out.glob("runs-*.sqlite")):
            time.sleep(0.05)
        time.sleep(1)
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.communicate(timeout=60)[0].strip(), "left")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.assertEqual(len(eirnn.open(out)), 0)


if __name__ == "__main__":
    unittest.main()
