"""The package, tried as a session would: python3 -m unittest discover python/tests (PYTHONPATH=python)."""

import copy
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import eirnn

SMALL = dict(task="and", units=12, epochs=2, trials=300, seed=3)


def sides(n, seed):
    random = np.random.default_rng(seed)
    side = random.choice([-1.0, 1.0], n)
    x = 0.5 * random.normal(size=(n, 20, 1)) + 0.3 * side[:, None, None]
    return x, np.repeat(side[:, None, None], 20, axis=1)


class Training(unittest.TestCase):
    def test_a_run_tells_what_it_did(self):
        run = eirnn.train(**SMALL)
        self.assertEqual((len(run.losses), run.epochs_run, run.stopped), (2, 2, "epochs"))
        self.assertEqual(run.network.recurrent_kernel.shape, (12, 12))
        self.assertEqual(run.settings["units"], 12)
        self.assertIn("12 units on and", repr(run))
        self.assertIn("12 units on and", run._repr_html_())
        self.assertIn("<figure", run._repr_html_())
        self.assertEqual(run, eirnn.train(**SMALL))
        self.assertNotEqual(run, eirnn.train(**{**SMALL, "seed": 4}))

    def test_its_weights_have_the_bits_of_the_program(self):
        program = os.environ.get("EIRNN_PROGRAM")
        if not program:
            self.skipTest("EIRNN_PROGRAM does not name eirnn.dll")
        with tempfile.TemporaryDirectory() as folder:
            options = [word for name, value in SMALL.items() for word in (f"--{name}", str(value))]
            subprocess.run(["dotnet", program, "train", *options, "--out", f"{folder}/run", "--quiet",
                            "--kernels", eirnn.info()["kernel_set"]], check=True, stdout=subprocess.DEVNULL)
            self.assertTrue(np.array_equal(eirnn.Network.load(f"{folder}/run/network.npz").recurrent_kernel,
                                           eirnn.train(**SMALL).network.recurrent_kernel))
            more = eirnn.train(resume=f"{folder}/run", epochs=4)
            self.assertEqual(more.network, eirnn.train(**{**SMALL, "epochs": 4}).network)

    def test_a_network_goes_to_keras_and_back(self):
        network = eirnn.train(**SMALL).network
        with tempfile.TemporaryDirectory() as folder:
            network.save(f"{folder}/a.h5", format="keras")
            self.assertEqual(Path(f"{folder}/a.h5").read_bytes()[:4], b"\x89HDF")
            self.assertEqual(eirnn.Network.load(f"{folder}/a.h5"), network)
            network.save(Path(folder) / "b.npz", format="npz")
            for name, format in (("c.npz", "keras"), ("c.h5", "npz"), ("c.h5", "torch")):
                self.assertRaises(eirnn.InvalidInput, network.save, f"{folder}/{name}", format=format)
            self.assertEqual(sorted(os.listdir(folder)), ["a.h5", "b.npz"])

    def test_own_trials_given_drawn_once_and_fresh(self):
        for run in (eirnn.train(trials=sides(500, 1), units=10, epochs=2), eirnn.train(task=sides, trials=500, units=10, epochs=2),
                    eirnn.train(task=sides, fresh=True, units=10, epochs=2, epoch_updates=5)):
            self.assertEqual((run.network.inputs, run.network.outputs, len(run.losses)), (1, 1, 2))

    def test_a_function_is_not_called_after_its_training(self):
        for seed in range(60):  # batches are drawn ahead: one was under way when the training had ended
            ended, late = [], []

            def task(n, seed):
                late.extend(ended)
                return sides(n, seed)

            eirnn.train(task=task, fresh=True, units=4, epochs=1, epoch_updates=2, seed=seed)
            ended.append(seed)
            self.assertEqual(late, [])

    def test_what_a_task_of_ones_own_raises_comes_out(self):
        def broken(n, seed):
            if n > 2:
                raise KeyError("mine")
            return sides(n, seed)

        with self.assertRaises(KeyError):
            eirnn.train(task=broken, trials=300, units=4)

    def test_what_would_be_passed_over_in_silence_is_refused(self):
        network = eirnn.train(**SMALL).network
        with self.assertRaises(ValueError):  # NumPy: the array is a copy, and read-only
            network.recurrent_kernel[:, 3] = 0
        with self.assertRaises(AttributeError):
            network.recurent_kernel = np.zeros((12, 12))
        for wrong, word in ((lambda: eirnn.eigenvalues(np.array([[0, 1j], [1j, 0]])), "complex"),
                            (lambda: eirnn.train(task=sides, trials=sides(9, 1)), "leave one out"),
                            (lambda: eirnn.train(task="and", step_ms=5), "step_ms"),
                            (lambda: eirnn.train(task="and\0x"), "0 byte"),
                            (lambda: eirnn.train(task=sides, checkpoint="x.npz", trials=300), "task_file"),
                            (lambda: eirnn.train(start="n.npz"), "start_file"),
                            (lambda: eirnn.train(on_epoch=5), "function"),
                            (lambda: eirnn.train(task=lambda n, seed: None), "NoneType"),
                            (lambda: eirnn.train(learning_rat=1), "learning_rate"),
                            (lambda: eirnn.task(None), "None"),
                            (lambda: eirnn.task("and").draw(1.5), "1.5"),
                            (lambda: network.run(np.zeros((1, 5, 2)), noise_seed=-1), "noise_seed"),
                            (lambda: network.fixed_points(None), "states"),
                            (lambda: network.save("network.keras"), ".keras"),
                            (lambda: eirnn.Network(np.zeros((1, 2)), np.eye(2), np.zeros((2, 1)), cell="relu"), "dict"),
                            (lambda: eirnn.sweep([1, 2], "x"), "list"), (lambda: eirnn.sweep({}, None), "None"),
                            (lambda: eirnn.sweep({"task": sides}, "x"), "task_file")):
            with self.assertRaises(eirnn.InvalidInput) as caught:
                wrong()
            self.assertIn(word, str(caught.exception))

    def test_a_checkpoint_replaces_no_other_file(self):
        with tempfile.TemporaryDirectory() as folder:
            mine = Path(folder, "mine.txt")
            mine.write_text("precious")
            with self.assertRaises(eirnn.InvalidInput):
                eirnn.train(**SMALL, checkpoint=mine)
            self.assertEqual(mine.read_text(), "precious")
            run = eirnn.train(**SMALL, checkpoint=f"{folder}/c.npz")
            self.assertEqual(eirnn.train(**SMALL, checkpoint=f"{folder}/c.npz"), run)
            self.assertEqual(eirnn.train(resume=f"{folder}/c.npz", epochs=3).network, eirnn.train(**{**SMALL, "epochs": 3}).network)

    def test_a_task_with_options_is_trained(self):
        run = eirnn.train(**{**SMALL, "task": eirnn.task("and", gap=60)})
        self.assertEqual(run, eirnn.train(**SMALL, **{"task_options": {"gap": 60}}))
        self.assertEqual(pickle.loads(pickle.dumps(eirnn.task("and", gap=60))), eirnn.task("and", gap=60))

    def test_one_network_serves_many_threads(self):
        network, x = eirnn.train(**SMALL).network, eirnn.task("and").draw(20)[0]
        expected = network.run(x)[0].tobytes()
        with ThreadPoolExecutor(4) as pool:
            self.assertEqual({outputs.tobytes() for outputs, _ in pool.map(lambda _: network.run(x), range(40))}, {expected})

    def test_on_epoch_sees_and_ends(self):
        seen = []
        run = eirnn.train(**{**SMALL, "epochs": 9}, on_epoch=lambda epoch, loss, network: seen.append((epoch, loss, network)) or epoch == 3)
        self.assertEqual([epoch for epoch, _, _ in seen], [1, 2, 3])
        self.assertEqual((run.stopped, len(run.losses)), ("interrupted", 3))
        self.assertEqual(seen[2][2], run.network)
        self.assertEqual(eirnn.train(**SMALL, on_epoch=lambda epoch, *_: np.bool_(epoch == 1)).epochs_run, 1)

    def test_a_network_to_start_from(self):
        first = eirnn.train(**SMALL).network
        self.assertEqual(eirnn.train(start=first, task="and", trials=300, epochs=1).network_initial.kernel.tolist(), first.kernel.tolist())

    def test_bad_input_is_named(self):
        for wrong, word in ((dict(unit=3), "units"), (dict(units=-1), "units"), (dict(task="andd"), "and"), (dict(trials=(1, 2)), "x"),
                            (dict(trials=sides(9, 1) * 2), "arrays"), (dict(resume="/nowhere"), "nowhere"),
                            (dict(learning_rate=float("nan")), "learning")):
            with self.assertRaises(eirnn.InvalidInput) as caught:
                eirnn.train(**wrong)
            self.assertIn(word, str(caught.exception))

    def test_control_c_ends_soon_and_keeps_the_last_epoch(self):
        code = ("import eirnn, time\ndef seen(*_): print('epoch', flush=True)\n"
                "try:\n    eirnn.train(task='and', units={}, epochs=10000, trials=114, test_trials=50, stop_loss=0, on_epoch=seen)\n"
                "except KeyboardInterrupt:\n    at = time.time(); print('ended', eirnn.last_interrupted().epochs_run, at)\n")
        for units in (50, 500):
            with subprocess.Popen([sys.executable, "-c", code.format(units)], stdout=subprocess.PIPE, text=True) as process:
                self.assertEqual(process.stdout.readline(), "epoch\n")
                asked = time.time()
                process.send_signal(2)
                word, epochs, at = process.stdout.read().split("\n")[-2].split()
            self.assertEqual((word, process.returncode), ("ended", 0))
            self.assertGreater(int(epochs), 0)
            if "EIRNN_TIMED" in os.environ:  # a machine with other work can be late
                print(f"{units} units: {float(at) - asked:.3f} s")
            self.assertLess(float(at) - asked, 5)

    def test_many_threads(self):
        with ThreadPoolExecutor(16) as pool:
            runs = list(pool.map(lambda seed: eirnn.train(**{**SMALL, "seed": seed}), range(32)))
        self.assertEqual(runs[3], eirnn.train(**SMALL))

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_a_fork_after_work_is_refused_and_one_before_works(self):
        code = ("import multiprocessing, eirnn\ndef f(s): return eirnn.train(task='and', units=4, epochs=1, trials=60, seed=s).epochs_run\n"
                "if __name__ == '__main__':\n    with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(f, [1, 2]))\n"
                "    f(1)\n    with multiprocessing.get_context('fork').Pool(1) as pool:\n"
                "        try: pool.map(f, [1])\n        except eirnn.ComputationError as e: print(e)\n")
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "forked.py").write_text(code)
            output = subprocess.run([sys.executable, f"{folder}/forked.py"], capture_output=True, text=True, timeout=120, check=True).stdout
        self.assertIn("[1, 1]", output)
        self.assertIn("'spawn'", output)


    def test_joblib_and_spawned_processes_train(self):
        code = ("import multiprocessing, eirnn\ndef f(s): return eirnn.train(task='and', units=4, epochs=1, trials=60, seed=s).epochs_run\n"
                "if __name__ == '__main__':\n    f(1)\n"
                "    with multiprocessing.get_context('spawn').Pool(2) as pool: print(pool.map(f, [1, 2]))\n"
                "    try: import joblib\n    except ImportError: print('none')\n"
                "    else: print(joblib.Parallel(2)(joblib.delayed(f)(s) for s in (1, 2)))\n")
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "spawned.py").write_text(code)
            output = subprocess.run([sys.executable, f"{folder}/spawned.py"], capture_output=True, text=True, timeout=120,
                                    check=True).stdout
        self.assertIn(output.split("\n")[:2], (["[1, 1]", "[1, 1]"], ["[1, 1]", "none"]))


class Networks(unittest.TestCase):
    def test_it_is_kept_copied_and_compared(self):
        network = eirnn.train(**SMALL).network
        for same in (pickle.loads(pickle.dumps(network)), copy.copy(network), copy.deepcopy(network)):
            self.assertEqual(same, network)
        changed = copy.copy(network)
        changed.bias = changed.bias + 1
        self.assertNotEqual(changed, network)

    def test_given_weights_run_as_numpy_does(self):
        random = np.random.default_rng(1)
        w_in, w, w_out = random.normal(size=(2, 8)), random.normal(size=(8, 8)) / 3, random.normal(size=(8, 3))
        network, x = eirnn.Network(w_in, w, w_out), random.normal(size=(5, 7, 2))
        outputs, states = network.run(x)
        h = np.zeros((5, 8))
        for t in range(7):
            h = np.tanh(x[:, t] @ w_in + h @ w)
            np.testing.assert_allclose(states[:, t], h, atol=1e-5)
        np.testing.assert_allclose(outputs[:, -1], h @ w_out, atol=1e-5)
        self.assertEqual(network.signs.tolist(), [0] * 8)

    def test_signs_of_ones_own(self):
        signs = [1, 1, -1, 1]
        network = eirnn.Network(np.zeros((1, 4)), np.eye(4), np.zeros((4, 1)), signs=signs)
        self.assertEqual(network.signs.tolist(), signs)

    def test_fixed_points(self):
        network = eirnn.Network(np.zeros((1, 2)), np.diag([2.0, 0.5]), np.zeros((2, 1)))
        points = network.fixed_points(np.array([[0.9, 0.0], [-0.9, 0.0]]), starts=20)
        self.assertEqual(sum(point.stable is True for point in points), 2)
        self.assertTrue(all(abs(np.tanh(2 * point.point[0]) - point.point[0]) < 1e-6 for point in points if point.fixed))

    def test_pytorch_both_ways(self):
        try:
            import torch
        except ImportError:
            self.skipTest("PyTorch is not installed")
        rnn, readout = torch.nn.RNN(2, 6, batch_first=True), torch.nn.Linear(6, 1)
        x = np.random.default_rng(1).normal(size=(4, 9, 2)).astype(np.float32)
        network = eirnn.Network.from_torch(rnn, readout)
        expected = readout(rnn(torch.from_numpy(x))[0]).detach().numpy()
        np.testing.assert_allclose(network.run(x)[0], expected, atol=1e-5)
        network.initial_state = np.ones(6)
        with self.assertRaises(eirnn.InvalidInput):
            network.to_torch()
        network.initial_state = np.zeros(6)
        again = eirnn.Network.from_torch(*network.to_torch())
        self.assertEqual(again.recurrent_kernel.tolist(), network.recurrent_kernel.tolist())

    def test_arrays_of_another_shape_are_refused(self):
        network = eirnn.train(**SMALL).network
        with self.assertRaises(eirnn.InvalidInput):
            network.bias = np.zeros(3)
        with self.assertRaises(eirnn.InvalidInput):
            network.run(np.zeros((2, 5, 7)))
        with self.assertRaises(eirnn.InvalidInput):
            network.run(np.full((2, 5, 2), np.nan))


class Analyses(unittest.TestCase):
    def test_eigenvalues_are_numpys(self):
        stack = np.random.default_rng(2).normal(size=(6, 25, 25))
        for found, matrix in zip(eirnn.eigenvalues(stack), stack):
            np.testing.assert_allclose(np.sort_complex(found), np.sort_complex(np.linalg.eigvals(matrix)), atol=1e-12)
        self.assertEqual(eirnn.eigenvalues(stack[0]).shape, (25,))
        self.assertEqual(eirnn.eigenvalues(stack[:0]).shape, (0, 25))
        for wrong in (np.zeros(3), np.zeros((2, 3)), np.full((2, 2), np.nan), "text"):
            with self.assertRaises(eirnn.InvalidInput):
                eirnn.eigenvalues(wrong)

    def test_a_spectrum_tells_its_measures(self):
        found = eirnn.spectrum(np.linalg.qr(np.random.default_rng(1).normal(size=(100, 100)))[0])
        self.assertEqual(found.shape, "ring")
        self.assertAlmostEqual(found.spectral_radius, 1, places=6)
        self.assertEqual(pickle.loads(pickle.dumps(found)), found)

    def test_tasks_are_drawn(self):
        task = eirnn.task("delayed-response")
        x, y, mask = task.draw(10, data_seed=2)
        self.assertEqual((x.shape, y.shape, mask.shape), ((10, task.steps, task.inputs), (10, task.steps, task.outputs), y.shape))
        self.assertTrue(np.array_equal(x, task.draw(10, data_seed=2)[0]))
        self.assertIn("and", [one["name"] for one in eirnn.tasks()])
        with self.assertRaises(eirnn.InvalidInput):
            task.draw(0)

    def test_memory_is_given_back(self):
        def kilobytes():
            return int(Path("/proc/self/statm").read_text().split()[1]) * 4

        for cycle in range(300):
            eirnn.train(task="and", units=4, epochs=1, trials=60, test_trials=10)
            if cycle == 99:
                before = kilobytes()
        self.assertLess(kilobytes(), 1.25 * before + 8192)


if __name__ == "__main__":
    unittest.main()
