#pragma once
// SHA-256 of libcrypto, without its header: Swift would take its types and macros in with it.
#include <stddef.h>
#include <stdint.h>

/// Writes the 32 bytes of the digest. On macOS there is none: CommonCrypto has it there.
void devinit_sha256(const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull digest);
