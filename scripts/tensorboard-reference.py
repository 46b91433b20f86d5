# What TensorBoard's own reader finds in event files, as JSON: python tensorboard-reference.py FOLDER
import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata

kinds = ("scalars", "images", "histograms", "tensors")
reader = EventAccumulator(sys.argv[1], size_guidance={kind: 0 for kind in kinds})
reader.Reload()
tags = reader.Tags()


def session(kind):
    content = reader.SummaryMetadata(f"_hparams_/{kind}").plugin_data.content
    return getattr(metadata, f"parse_{kind}_plugin_data")(content)


def plain(value):
    return getattr(value, value.WhichOneof("kind"))


found = {
    "scalars": {tag: [[one.step, one.value] for one in reader.Scalars(tag)] for tag in tags["scalars"]},
    "histograms": {
        tag: [[one.step, one.histogram_value.num, one.histogram_value.min, one.histogram_value.max, sum(one.histogram_value.bucket)] for one in reader.Histograms(tag)]
        for tag in tags["histograms"]
    },
    "images": {tag: [[one.step, one.height, one.width, one.encoded_image_string[:8].hex()] for one in reader.Images(tag)] for tag in tags["images"]},
    "hparams": {name: plain(value) for name, value in session("session_start_info").hparams.items()},
    "metrics": [one.name.tag for one in session("experiment").metric_infos],
    "status": session("session_end_info").status,
}
print(json.dumps(found, sort_keys=True))
