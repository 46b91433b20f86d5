import protobuf from 'protobufjs/light.js';

const repeated = 'repeated';

/**
 * What of TensorFlow's and TensorBoard's messages (event.proto, summary.proto, hparams' plugin_data.proto) is written.
 * Members of a `oneof` are written where they are zero, too.
 */
const MESSAGES = {
  nested: {
    Event: {
      oneofs: { what: { oneof: ['file_version', 'summary'] } },
      fields: {
        wall_time: { id: 1, type: 'double' },
        step: { id: 2, type: 'int64' },
        file_version: { id: 3, type: 'string' },
        summary: { id: 5, type: 'Summary' },
      },
    },
    Summary: {
      fields: {
        value: { id: 1, type: 'SummaryValue', rule: repeated },
      },
    },
    SummaryValue: {
      oneofs: { value: { oneof: ['simple_value', 'image', 'histo', 'tensor'] } },
      fields: {
        tag: { id: 1, type: 'string' },
        simple_value: { id: 2, type: 'float' },
        image: { id: 4, type: 'Image' },
        histo: { id: 5, type: 'Histogram' },
        tensor: { id: 8, type: 'Tensor' },
        metadata: { id: 9, type: 'Metadata' },
      },
    },
    Image: {
      fields: {
        height: { id: 1, type: 'int32' },
        width: { id: 2, type: 'int32' },
        colorspace: { id: 3, type: 'int32' },
        encoded_image_string: { id: 4, type: 'bytes' },
      },
    },
    Histogram: {
      fields: {
        min: { id: 1, type: 'double' },
        max: { id: 2, type: 'double' },
        num: { id: 3, type: 'double' },
        sum: { id: 4, type: 'double' },
        sum_squares: { id: 5, type: 'double' },
        bucket_limit: { id: 6, type: 'double', rule: repeated },
        bucket: { id: 7, type: 'double', rule: repeated },
      },
    },
    Tensor: {
      fields: {
        dtype: { id: 1, type: 'int32' },
        tensor_shape: { id: 2, type: 'Shape' },
      },
    },
    Shape: {
      fields: {
        dim: { id: 2, type: 'Dimension', rule: repeated },
      },
    },
    Dimension: {
      fields: {
        size: { id: 1, type: 'int64' },
      },
    },
    Metadata: {
      fields: {
        plugin_data: { id: 1, type: 'PluginData' },
      },
    },
    PluginData: {
      fields: {
        plugin_name: { id: 1, type: 'string' },
        content: { id: 2, type: 'bytes' },
      },
    },
    HParamsData: {
      oneofs: { data: { oneof: ['experiment', 'session_start_info', 'session_end_info'] } },
      fields: {
        version: { id: 1, type: 'int32' },
        experiment: { id: 2, type: 'Experiment' },
        session_start_info: { id: 3, type: 'SessionStart' },
        session_end_info: { id: 4, type: 'SessionEnd' },
      },
    },
    Experiment: {
      fields: {
        metric_infos: { id: 5, type: 'MetricInfo', rule: repeated },
      },
    },
    MetricInfo: {
      fields: {
        name: { id: 1, type: 'MetricName' },
        display_name: { id: 3, type: 'string' },
      },
    },
    MetricName: {
      fields: {
        group: { id: 1, type: 'string' },
        tag: { id: 2, type: 'string' },
      },
    },
    SessionStart: {
      fields: {
        hparams: { id: 1, keyType: 'string', type: 'Value' },
        start_time_secs: { id: 5, type: 'double' },
      },
    },
    Value: {
      oneofs: { kind: { oneof: ['number_value', 'string_value', 'bool_value'] } },
      fields: {
        number_value: { id: 2, type: 'double' },
        string_value: { id: 3, type: 'string' },
        bool_value: { id: 4, type: 'bool' },
      },
    },
    SessionEnd: {
      fields: {
        status: { id: 1, type: 'int32' },
        end_time_secs: { id: 2, type: 'double' },
      },
    },
  },
};

const root = protobuf.Root.fromJSON(MESSAGES as protobuf.INamespace);

/** The message that a record of an event file is. */
export const EventProto: protobuf.Type = root.lookupType('Event');
/** What the plugin hparams of TensorBoard keeps in a value's metadata. */
export const HParamsProto: protobuf.Type = root.lookupType('HParamsData');
