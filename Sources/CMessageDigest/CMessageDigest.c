#include "CMessageDigest.h"

#ifndef __APPLE__
// The functions of one digest, instead of the general ones: those bring the whole library into a program that is one
// file, and prepare it at every start.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

void devinit_sha256(const uint8_t *bytes, size_t count, uint8_t *digest) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes, count);
    SHA256_Final(digest, &context);
}
#endif
