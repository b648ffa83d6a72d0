// SHA-256 of libmd (Linux). macOS has CommonCrypto, so the header is empty there.
#ifndef __APPLE__
#include <sha256.h>
#endif
