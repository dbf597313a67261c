#include "CSysfs.h"
