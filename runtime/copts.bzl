"""How the runtime is compiled."""

# No exceptions, no RTTI, no guards of statics: the runtime needs nothing of
# the C++ library, so an executable links libc and libm only.
RUNTIME_COPTS = [
    "-fPIC",
    "-fdata-sections",
    "-ffunction-sections",
    "-fno-exceptions",
    "-fno-rtti",
    "-fno-threadsafe-statics",
    "-fvisibility=hidden",
]
