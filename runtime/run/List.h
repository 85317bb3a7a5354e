// What a package consists of, for people.
#ifndef MSC_RUNTIME_RUN_LIST_H
#define MSC_RUNTIME_RUN_LIST_H

#include "runtime/package/Package.h"

#include <cstdio>

namespace msc::rt {

void printPackage(FILE *out, const char *path, const Package &package);

} // namespace msc::rt

#endif
