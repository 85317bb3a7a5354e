#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
int main(int argc,char**argv){ mlir::DialectRegistry r; mlir::registerAllDialects(r); mlir::registerAllExtensions(r); mlir::registerAllPasses(); return mlir::asMainReturnCode(mlir::MlirOptMain(argc,argv,"msc opt",r)); }
