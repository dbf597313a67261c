#include "CRegisters.h"
