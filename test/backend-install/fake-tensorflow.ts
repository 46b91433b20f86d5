/**
 * Shell programs that stand for the machine's tools where the cuda backend is installed. Each writes its calls into
 * `calls`, as those for torch do.
 */

/** A python3 with pip, whose wheel holds a TensorFlow of empty files; it has none of its own. */
export const PYTHON = `
case "$*" in
  *version_info*) exit 0;;
  *find_spec*) echo "$INSTALLED"; exit 0;;
esac
echo "python3 $*" | while read -r line; do echo "$line" >> "$CALLS"; break; done
case "$*" in
  *'pip --version'*) echo 'pip 23.2.1 from /somewhere (python 3.11)';;
  *'pip download'*)
    for word; do
      if [ "$previous" = --dest ]; then folder=$word; fi
      previous=$word
    done
    case "$*" in
      *tensorflow*) echo wheel > "$folder/tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl";;
      *) echo wheel > "$folder/nvidia_cudnn_cu12-9.3.0-py3-none-manylinux2014_x86_64.whl";;
    esac;;
  *infolist*)
    echo "unpack $3" >> "$CALLS"
    /bin/mkdir -p "$4/tensorflow/include/tensorflow/c/eager" "$4/tensorflow/include/tensorflow/core/platform"
    /bin/mkdir -p "$4/tensorflow_cpu-2.21.0.dist-info"
    echo > "$4/tensorflow/include/tensorflow/c/eager/c_api.h"
    echo > "$4/tensorflow/include/tensorflow/core/platform/ctstring_internal.h"
    for name in libtensorflow_cc.so.2 libtensorflow_framework.so.2; do echo > "$4/tensorflow/$name"; done;;
  *METADATA*)
    echo 'Requires-Dist: numpy>=1.26.0'
    echo 'Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"'
esac
`;

/** An npm that installs a package with the calls that newer Node has not. */
export const NPM = `
echo "npm $*" >> "$CALLS"
case "$*" in *rebuild*)
  echo 'npm error * Downloading libtensorflow'
  echo 'npm error Error: getaddrinfo ENOTFOUND storage.googleapis.com'
  exit 1;;
esac
for word; do
  if [ "$previous" = --prefix ]; then folder=$word; fi
  previous=$word
done
package="$folder/node_modules/@tensorflow/tfjs-node-gpu"
/bin/mkdir -p "$package/dist/kernels" "$package/binding"
echo '{ "name": "@tensorflow/tfjs-node-gpu", "version": "4.22.0" }' > "$package/package.json"
echo 'if ((0, util_1.isNullOrUndefined)(tensorsOrDtype)) {} if ((0, util_1.isArray)(tensors)) {}' > "$package/dist/nodejs_kernel_backend.js"
echo 'var isSorted = (0, util_1.isNullOrUndefined)(sorted) ? true : sorted;' > "$package/dist/kernels/TopK.js"
{
  echo 'static std::set<std::string> ATTR_NAME_SET;'
  echo 'void AssignOpAttr(int) {'
  echo '    case TF_ATTR_STRING: {'
  echo '    case TF_ATTR_TYPE: {'
} > "$package/binding/tfjs_backend.cc"
echo > "$package/binding/tfjs_binding.cc"
`;
