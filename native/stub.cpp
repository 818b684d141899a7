#include "selvage.h"
