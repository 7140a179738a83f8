#include "proxy/faults/fault.hpp"
