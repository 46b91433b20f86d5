"""Writes the golden images of ../imagenet as Hugging Face's `datasets` writes an image set.

python make-parquet.py, with pyarrow 26.0.1. A group of bytes and path, a number for a class, and the schema's metadata
that name the classes in another order than the alphabet's. Row groups of five.
"""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
NAMES = ["plum", "apple", "pear"]
FEATURES = {"image": {"_type": "Image"}, "label": {"names": NAMES, "_type": "ClassLabel"}}
METADATA = {"huggingface": json.dumps({"info": {"features": FEATURES}})}
IMAGE = pa.struct({"bytes": pa.binary(), "path": pa.string()})

files = sorted((HERE / "../imagenet/images").glob("*/*"))
for part, some, codec in (("train", files[:9], "snappy"), ("validation", files[9:], "zstd")):
    images = [{"bytes": file.read_bytes(), "path": file.name} for file in some]
    labels = [NAMES.index(file.parent.name) for file in some]
    schema = pa.schema({"image": IMAGE, "label": pa.int64()}, metadata=METADATA)
    table = pa.table([pa.array(images, IMAGE), pa.array(labels, pa.int64())], schema=schema)
    pq.write_table(table, HERE / f"{part}-00000-of-00001.parquet", row_group_size=5, compression=codec)
