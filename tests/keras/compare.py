"""A network written as Keras HDF5 against a file that Keras wrote: every group, attribute and dataset, as h5py sees them.

compare.py WRITTEN ORIGINAL   ends with 1 and a line for each difference. Left out is what a network does not hold: the state and the
settings of Keras' training, numbers behind the names of layers, initialisers, the length of trials, the patch of the version, and
whether zeros in place of the recurrent bias are a bias.
"""
import json
import re
import sys

import h5py
import numpy as np


def main(written, original):
    with h5py.File(written, "r") as ours, h5py.File(original, "r") as theirs:
        version = original_version(theirs)
        found, expected = objects(ours, version), objects(theirs, version)
    own = [path for path in found if path.startswith("/eirnn")]
    if not own:
        return ["/eirnn: missing"]
    for path in own:
        del found[path]
    without_bias_of_zeros(expected)
    paths = sorted(set(found) | set(expected))
    return [f"{path}: found {str(found.get(path))[:200]}, expected {str(expected.get(path))[:200]}" for path in paths
            if found.get(path) != expected.get(path)]


def without_bias_of_zeros(expected):
    """Takes a recurrent bias that is all zeros out of what is expected."""
    for path in [path for path in expected if "simple_rnn" in path and re.search(r"/bias(:0)?$", path)]:
        if any(expected[path][-1]):
            continue
        del expected[path]
        form, names = expected["/model_weights/simple_rnn@weight_names"]
        form[1] = (len(names) - 1,)
        names.remove(path.replace("/model_weights/simple_rnn/", "", 1))


def original_version(file):
    return text(file.attrs["keras_version"])


def objects(file, version):
    """What stands at every path: of a group nothing, of an attribute its type, shape and values, of a dataset these and its layout."""
    all_objects = {}

    def add(name, thing):
        path = renamed("/" + name)
        if path.startswith("/optimizer_weights"):
            return
        all_objects[path] = None if isinstance(thing, h5py.Group) else dataset(thing)
        for key in thing.attrs:
            if key != "training_config":
                all_objects[f"{path}@{key}"] = attribute(thing, key, version)

    add("", file)
    file.visititems(add)
    return all_objects


def dataset(data):
    creation = data.id.get_create_plist()
    return (data.dtype.str, data.shape, data.maxshape, creation.get_layout(), creation.get_nfilters(), data[()].tobytes())


def attribute(thing, key, version):
    opened = h5py.h5a.open(thing.id, key.encode())
    kind = opened.get_type()
    values = [text(value) for value in np.atleast_1d(thing.attrs[key])]
    form = [kind.get_class(), opened.shape, opened.get_space().get_simple_extent_type()]
    if kind.get_class() == h5py.h5t.STRING:
        form += [kind.is_variable_str(), kind.get_cset(), kind.get_strpad()]
        if not kind.is_variable_str() and kind.get_size() != max(map(len, values)):
            form.append(f"{kind.get_size()} bytes")
    else:
        form += [kind.get_size(), kind.get_order()]
    if key == "keras_version":
        return form, values[0].split(".")[0]
    if key == "model_config":  # in Keras 2.0 another one
        return form, None if version.startswith("2.0") else plain(json.loads(values[0], object_pairs_hook=list))
    return form, [renamed(value) for value in values]


def plain(pairs):
    """JSON with its order, without what a network does not hold."""
    if isinstance(pairs, tuple):
        key, value = pairs
        if key.endswith("_initializer"):
            return key, None
        if key in ("batch_shape", "build_input_shape"):
            return key, [value[0], None, *value[2:]]
        return key, renamed(value) if key == "name" else plain(value)
    return [plain(item) for item in pairs] if isinstance(pairs, list) else pairs


def renamed(name):
    return re.sub(r"\b(simple_rnn|dense|sequential)_\d+", r"\1", name)


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


if __name__ == "__main__":
    differences = main(*sys.argv[1:])
    print("\n".join(differences) or "equal")
    sys.exit(bool(differences))
