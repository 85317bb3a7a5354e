/* What package.fbs cannot say of the file's layout.
 *
 *     u32   size of the FlatBuffer
 *     ...   the FlatBuffer, with the identifier "MSCP"
 *     ...   zeros, up to a multiple of 8
 *     u64   XXH64 of all bytes before
 *     ...   sections, with zeros between them
 *
 * All numbers are little-endian. C99. */
#ifndef MSC_RUNTIME_SCHEMA_FORMAT_H
#define MSC_RUNTIME_SCHEMA_FORMAT_H

/* The format that this release writes and reads up to; the oldest that it still
 * reads. docs/package.md says when they grow. */
#define MSC_PACKAGE_FORMAT 1u
#define MSC_PACKAGE_OLDEST_FORMAT 1u

/* The oldest reader that packages of this release suit, and its release. */
#define MSC_PACKAGE_MIN_READER 1u
#define MSC_PACKAGE_MIN_MSC "0.1"

/* Code sections start at multiples; weights at those of MSC_WEIGHTS_ALIGNMENT. */
#define MSC_PACKAGE_CODE_ALIGNMENT 64u

/* Largest description (FlatBuffer) in bytes, and what it may list. */
#define MSC_PACKAGE_MAX_DESCRIPTION (64u << 20)
#define MSC_PACKAGE_MAX_TENSORS 4096u /* inputs; outputs */
#define MSC_PACKAGE_MAX_DIMS 65536u
#define MSC_PACKAGE_MAX_REGIONS 65536u
#define MSC_PACKAGE_MAX_TARGETS 64u
#define MSC_PACKAGE_MAX_CODE 64u /* objects of a target */
#define MSC_PACKAGE_MAX_KERNELS 65536u
#define MSC_PACKAGE_MAX_NAME 1024u /* bytes */
#define MSC_PACKAGE_MAX_TEXT 4096u /* of what is only shown, and of features */
#define MSC_PACKAGE_MAX_NESTING 16u /* loops and branches in each other */
#define MSC_PACKAGE_MAX_QUEUES 16u
#define MSC_PACKAGE_MAX_BUFFERS 64u /* of a dispatch */
#define MSC_PACKAGE_MAX_SCALARS 256u
#define MSC_PACKAGE_MAX_ARENA ((uint64_t)1 << 48)

#endif
