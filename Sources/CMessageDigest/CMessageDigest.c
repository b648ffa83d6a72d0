#include "CMessageDigest.h"

#ifndef __APPLE__
#include <sha2.h>

void devinit_sha256(const uint8_t *bytes, size_t count, uint8_t *digest) {
    SHA2_CTX context;
    SHA256Init(&context);
    SHA256Update(&context, bytes, count);
    SHA256Final(digest, &context);
}
#endif
