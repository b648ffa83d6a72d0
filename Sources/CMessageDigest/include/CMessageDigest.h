#pragma once
// SHA-256 of libmd, without its header: that one declares types of the system a second time, and a compiler that reads
// it first counts them to this module.
#include <stddef.h>
#include <stdint.h>

/// Writes the 32 bytes of the digest. On macOS there is none: CommonCrypto has it there.
void devinit_sha256(const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull digest);
