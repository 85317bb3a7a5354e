// The vector unit.
#include "runtime/npu_sim/Functions.h"
#include "runtime/npu_sim/Machine.h"
#include "runtime/npu_sim/Numbers.h"

namespace msc::npu {

/// One instruction of the vector unit.
class VectorJob {
public:
  VectorJob(Machine &machine, const Job &job)
      : machine(machine), job(job), instruction(job.instruction),
        actor{Unit::Vector, job.pc, job.issue,
              &machine.units[unsigned(Unit::Vector)].clock} {}

  bool run(uint64_t &cycles);

private:
  static constexpr int64_t kChunk = 256; // elements at once

  struct Operand {
    Type type;
    Broadcast broadcast = Broadcast::Tile;
    int64_t base = 0, stride = 0;
    uint32_t value = 0; // of Broadcast::Value
  };

  bool fail(const char *what) {
    return machine.fault.raise(job.pc, "%s", what);
  }
  bool checkSource(unsigned index, const Operand &operand);
  bool checkOverlap(const Operand &source, int64_t rows, int64_t cols,
                    int64_t targetRows, int64_t targetCols);
  template <typename T>
  void fetch(const Operand &operand, int64_t row, int64_t col, int64_t n,
             T *to);
  bool runElementwise(unsigned numSources);
  template <typename T> bool computeElements(unsigned numSources);
  bool runReduce();
  template <typename T> void reduceElements();
  bool runTranspose();
  bool runIota();
  bool checkTarget(int64_t targetRows, int64_t targetCols) {
    return machine.checkTile(actor, "the result", target.base, target.stride,
                             targetRows, targetCols, bytesOf(target.type),
                             true);
  }

  Machine &machine;
  const Job &job;
  const Instruction &instruction;
  const Actor actor;
  int64_t rows = 0, cols = 0;
  Operand target, sources[3];
};

/// Extents and rows of an operand. The rows of a broadcast are read once.
bool VectorJob::checkSource(unsigned index, const Operand &operand) {
  static const char *const names[] = {"source a", "source b", "source c"};
  const char *name = names[index];
  unsigned bytes = bytesOf(operand.type);
  switch (operand.broadcast) {
  case Broadcast::Tile:
    return machine.checkTile(actor, name, operand.base, operand.stride, rows,
                             cols, bytes, false);
  case Broadcast::Row:
    return machine.checkTile(actor, name, operand.base, 0, rows ? 1 : 0, cols,
                             bytes, false);
  case Broadcast::Column:
    return machine.checkTile(actor, name, operand.base, operand.stride,
                             operand.stride ? rows
                             : rows         ? 1
                                            : 0,
                             cols ? 1 : 0, bytes, false);
  case Broadcast::Value:
    return true;
  }
  return false;
}

/// A result may be a source's very tile; other overlaps are faults, since
/// elements have no order.
bool VectorJob::checkOverlap(const Operand &source, int64_t sourceRows,
                             int64_t sourceCols, int64_t targetRows,
                             int64_t targetCols) {
  if (source.broadcast == Broadcast::Value || !sourceRows || !sourceCols ||
      !targetRows || !targetCols)
    return true;
  int64_t sourceBytes = sourceCols * bytesOf(source.type);
  int64_t targetBytes = targetCols * bytesOf(target.type);
  int64_t sourceEnd =
      source.base + (sourceRows - 1) * source.stride + sourceBytes;
  int64_t targetEnd =
      target.base + (targetRows - 1) * target.stride + targetBytes;
  if (sourceEnd <= target.base || targetEnd <= source.base)
    return true;
  bool isSame = source.base == target.base && sourceRows == targetRows &&
                sourceCols == targetCols && sourceBytes == targetBytes &&
                (source.stride == target.stride || targetRows == 1);
  if (isSame && infoOf(instruction.opcode).form != Form::Transpose)
    return true;
  // Side by side in the rows of one matrix?
  if (source.stride == target.stride && source.stride > 0) {
    int64_t apart = (target.base - source.base) % source.stride;
    if (apart < 0)
      apart += source.stride;
    if (apart >= sourceBytes && apart + targetBytes <= source.stride)
      return true;
  }
  return fail("the result overlaps a source, and is not the same tile");
}

/// Elements [col, col + n) of a row.
template <typename T>
void VectorJob::fetch(const Operand &operand, int64_t row, int64_t col,
                      int64_t n, T *to) {
  int64_t bytes = bytesOf(operand.type);
  switch (operand.broadcast) {
  case Broadcast::Tile:
    load(operand.type,
         machine.at(operand.base + row * operand.stride + col * bytes), n, to);
    return;
  case Broadcast::Row:
    load(operand.type, machine.at(operand.base + col * bytes), n, to);
    return;
  case Broadcast::Column:
    load(operand.type, machine.at(operand.base + row * operand.stride), 1, to);
    break;
  case Broadcast::Value:
    uint8_t bits[4];
    std::memcpy(bits, &operand.value, sizeof bits);
    load(operand.type, bits, 1, to);
  }
  for (int64_t i = 1; i < n; ++i)
    to[i] = to[0];
}

template <typename T> bool VectorJob::computeElements(unsigned numSources) {
  T values[3][kChunk], results[kChunk];
  bool selects = instruction.opcode == Opcode::VSelect;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t col = 0; col < cols; col += kChunk) {
      int64_t n = cols - col < kChunk ? cols - col : kChunk;
      // The condition of a select is of any type.
      if (selects && isFloat(sources[0].type)) {
        float condition[kChunk];
        fetch(sources[0], row, col, n, condition);
        for (int64_t i = 0; i < n; ++i)
          values[0][i] = condition[i] != 0;
      } else if (selects) {
        int32_t condition[kChunk];
        fetch(sources[0], row, col, n, condition);
        for (int64_t i = 0; i < n; ++i)
          values[0][i] = condition[i] != 0;
      } else {
        fetch(sources[0], row, col, n, values[0]);
      }
      for (unsigned i = 1; i < numSources; ++i)
        fetch(sources[i], row, col, n, values[i]);
      if (!apply(instruction.opcode, n, values[0], values[1], values[2],
                 results))
        return fail("division by zero");
      store(target.type, results, n,
            machine.at(target.base + row * target.stride +
                       col * int64_t(bytesOf(target.type))));
    }
  return true;
}

bool VectorJob::runElementwise(unsigned numSources) {
  for (unsigned i = 0; i < numSources; ++i)
    if (!checkSource(i, sources[i]))
      return false;
  if (!checkTarget(rows, cols))
    return false;
  for (unsigned i = 0; i < numSources; ++i) {
    const Operand &source = sources[i];
    int64_t sourceRows =
        source.broadcast == Broadcast::Row ||
                (source.broadcast == Broadcast::Column && !source.stride)
            ? (rows ? 1 : 0)
            : rows;
    int64_t sourceCols =
        source.broadcast == Broadcast::Column ? (cols ? 1 : 0) : cols;
    if (!checkOverlap(source, sourceRows, sourceCols, rows, cols))
      return false;
  }
  // Of a select, the condition does not tell.
  Type type = sources[instruction.opcode == Opcode::VSelect ? 1 : 0].type;
  return isFloat(type) ? computeElements<float>(numSources)
                       : computeElements<int32_t>(numSources);
}

/// Elements one after the other, in the order of their index.
template <typename T> void VectorJob::reduceElements() {
  bool columns = instruction.r[11] & kReduceColumns;
  bool into = instruction.r[11] & kReduceInto;
  int64_t outer = columns ? rows : cols, inner = columns ? cols : rows;
  int64_t sourceBytes = bytesOf(sources[0].type);
  int64_t targetBytes = bytesOf(target.type);
  for (int64_t i = 0; i < outer; ++i) {
    uint8_t *result =
        machine.at(target.base + i * (columns ? target.stride : targetBytes));
    T sum = identityOf(instruction.opcode, T());
    if (into)
      load(target.type, result, 1, &sum);
    for (int64_t j = 0; j < inner; ++j) {
      T value;
      int64_t row = columns ? i : j, col = columns ? j : i;
      load(sources[0].type,
           machine.at(sources[0].base + row * sources[0].stride +
                      col * sourceBytes),
           1, &value);
      sum = combine(instruction.opcode, sum, value);
    }
    store(target.type, &sum, 1, result);
  }
}

bool VectorJob::runReduce() {
  bool columns = instruction.r[11] & kReduceColumns;
  bool into = instruction.r[11] & kReduceInto;
  int64_t targetRows = columns ? rows : 1, targetCols = columns ? 1 : cols;
  if (!checkSource(0, sources[0]) ||
      (into && !machine.checkTile(actor, "the result", target.base,
                                  target.stride, targetRows, targetCols,
                                  bytesOf(target.type), false)) ||
      !checkTarget(targetRows, targetCols) ||
      !checkOverlap(sources[0], rows, cols, targetRows, targetCols))
    return false;
  if (isFloat(sources[0].type))
    reduceElements<float>();
  else
    reduceElements<int32_t>();
  return true;
}

bool VectorJob::runTranspose() {
  if (!checkSource(0, sources[0]) || !checkTarget(cols, rows) ||
      !checkOverlap(sources[0], rows, cols, cols, rows))
    return false;
  int64_t bytes = bytesOf(target.type);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; ++j)
      std::memcpy(
          machine.at(target.base + j * target.stride + i * bytes),
          machine.at(sources[0].base + i * sources[0].stride + j * bytes),
          size_t(bytes));
  return true;
}

bool VectorJob::runIota() {
  if (!checkTarget(rows, cols))
    return false;
  bool alongColumns = instruction.r[11] & 1;
  uint64_t first = uint64_t(job.value[1]);
  int64_t bytes = bytesOf(target.type);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; ++j) {
      int32_t value = int32_t(uint32_t(first + uint64_t(alongColumns ? j : i)));
      store(target.type, &value, 1,
            machine.at(target.base + i * target.stride + j * bytes));
    }
  return true;
}

bool VectorJob::run(uint64_t &cycles) {
  Form form = infoOf(instruction.opcode).form;
  unsigned numSources = form == Form::Vector2   ? 2
                        : form == Form::Vector3 ? 3
                        : form == Form::Iota    ? 0
                                                : 1;
  // Registers: target, sources (Iota: a number), rows, cols, strides.
  unsigned bases = numSources ? numSources + 1 : 2;
  const int64_t *value = job.value;
  rows = value[bases];
  cols = value[bases + 1];
  target.type = instruction.type(0);
  target.base = value[0];
  target.stride = value[bases + 2];
  for (unsigned i = 0; i < numSources; ++i) {
    bool broadcasts =
        form == Form::Vector1 || form == Form::Vector2 || form == Form::Vector3;
    sources[i].type = instruction.type(i + 1);
    sources[i].broadcast =
        broadcasts ? instruction.broadcast(i) : Broadcast::Tile;
    sources[i].base = value[1 + i];
    sources[i].stride = value[bases + 3 + i];
    sources[i].value = uint32_t(uint64_t(value[1 + i]));
  }
  bool good = form == Form::Reduce      ? runReduce()
              : form == Form::Transpose ? runTranspose()
              : form == Form::Iota      ? runIota()
                                        : runElementwise(numSources);
  uint64_t lanes = form == Form::Transpose ? kTile : kLanes;
  uint64_t perRow = (uint64_t(cols) + lanes - 1) / lanes;
  if (form == Form::Reduce && instruction.r[11] & kReduceColumns)
    perRow += kTreeCycles;
  cycles =
      kVectorSetup + uint64_t(rows) * perRow * infoOf(instruction.opcode).cost;
  return good;
}

bool Machine::runVector(const Job &job, uint64_t time, uint64_t &end,
                        Counters &) {
  uint64_t cycles = 0;
  bool good = VectorJob(*this, job).run(cycles);
  end = time + cycles;
  return good;
}

} // namespace msc::npu
