//===- Model.h - What an ONNX file says, checked and without protobuf -*- C++
//-*-//
//
// Plain structs between the file and the importer. All that can be checked
// without knowing any op is checked when they are read: tensors have as many
// bytes as their shape asks for, names are there, references lie in their file.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_FRONTENDS_ONNX_MODEL_MODEL_H
#define MSC_FRONTENDS_ONNX_MODEL_MODEL_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace msc::onnx {

/// Dims of a tensor and its elements, beyond which a model is hostile rather
/// than large; both keep arithmetic on extents far from overflow.
inline constexpr int64_t kMaxRank = 32;
inline constexpr int64_t kMaxElements = int64_t(1) << 48;

/// TensorProto.DataType, by its numbers.
enum class DataType : int32_t {
  Undefined = 0,
  F32 = 1,
  U8 = 2,
  I8 = 3,
  U16 = 4,
  I16 = 5,
  I32 = 6,
  I64 = 7,
  String = 8,
  Bool = 9,
  F16 = 10,
  F64 = 11,
  U32 = 12,
  U64 = 13,
  BF16 = 16,
  F8E4M3FN = 17,
  F8E5M2 = 19,
};

/// The name in onnx.proto, in lower case; "type 99" for what it does not have.
std::string nameOf(DataType type);

/// Bytes of an element; 0 for strings and for what is not supported (complex
/// numbers, elements smaller than a byte, ...).
unsigned bytesOf(DataType type);

/// A tensor whose contents are known.
struct TensorData {
  std::string name;
  DataType type = DataType::Undefined;
  llvm::SmallVector<int64_t> dims; // none negative, elements counted in int64_t
  /// The elements, row-major and little-endian. Empty where `bytesOf(type)` is
  /// 0. Points into `storage` or into a file mapped by the model.
  llvm::ArrayRef<char> bytes;
  std::shared_ptr<const std::vector<char>> storage;
  /// Where the bytes are in a file; "" for `storage`.
  std::string path;
  uint64_t offset = 0;

  int64_t getNumElements() const;
};

struct Graph;

struct NodeAttribute {
  enum class Kind {
    Float,
    Int,
    String,
    Tensor,
    Floats,
    Ints,
    Strings,
    Graph,
    Other // lists of graphs, sparse tensors, types
  };
  std::string name;
  Kind kind = Kind::Other;
  /// In a function's body: the call's attribute whose value this one has.
  std::string reference;
  float f = 0;
  int64_t i = 0;
  std::string s;
  TensorData tensor;
  std::vector<float> floats;
  std::vector<int64_t> ints;
  std::vector<std::string> strings;
  std::shared_ptr<const Graph> graph;
};

llvm::StringRef nameOf(NodeAttribute::Kind kind);

struct Node {
  std::string name; // "" if the model gives none
  std::string opType;
  std::string domain;                    // "" for ONNX's own
  std::vector<std::string> inputs;       // "" for one that is left out
  std::vector<std::string> outputs;      // "" for one that is left out
  std::vector<NodeAttribute> attributes; // no name twice
  /// Of ONNX's own domain, where it is not the model's: in what was inlined.
  std::optional<int64_t> opset;
};

/// A function of the model's own.
struct Function {
  std::vector<std::string> inputs, outputs;
  std::vector<NodeAttribute> defaults; // values of attributes that calls omit
  std::vector<Node> nodes;
  std::map<std::string, int64_t> opsets;
};

struct Dim {
  std::optional<int64_t> extent; // as the file has it, perhaps negative
  std::string name;              // "" for none
};

/// What the file says of a tensor that has no contents yet.
struct ValueInfo {
  std::string name;
  bool isTensor = false; // else a sequence, a map, ..., or no type at all
  DataType type = DataType::Undefined;
  std::optional<llvm::SmallVector<Dim>> dims;
};

struct Graph {
  std::string name;
  std::vector<Node> nodes;
  std::vector<TensorData> initializers;
  std::vector<ValueInfo> inputs;
  std::vector<ValueInfo> outputs;
  bool hasSparseInitializers = false;
};

struct Model {
  std::string path;
  std::map<std::string, int64_t> opsets; // by domain
  Graph graph;
  /// By "domain:name"; calls of them in the graph are inlined.
  std::map<std::string, Function> functions;
  /// What inlining called the tensors inside of functions.
  std::set<std::string> inlinedNames;
  /// The mapped files that tensors point into, by path.
  std::map<std::string, std::unique_ptr<llvm::MemoryBuffer>> files;
};

/// Reads a model. The error's text is one line and names the file.
llvm::Expected<std::unique_ptr<Model>> readModel(llvm::StringRef path,
                                                 uint64_t maxBytes);

/// A name from a file in quotes, with what is not printable escaped.
std::string quoted(llvm::StringRef name);

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_MODEL_MODEL_H
