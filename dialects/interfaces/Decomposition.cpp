#include "dialects/interfaces/Decomposition.h"

using namespace mlir;

#include "dialects/interfaces/Decomposition.cpp.inc"
