#!/bin/sh
# Encodes a model that is written as text and imports it:
#   import.sh FOLDER_OF_ONNX_PROTO MODEL [PIPELINE OPTIONS]
# The path of the encoded model is MODEL.onnx.
set -e
protoc --proto_path="$1" --encode=onnx.ModelProto "$1/onnx.proto" <"$2" >"$2.onnx"
exec msc-opt -msc-import="model=$2.onnx $3" /dev/null
