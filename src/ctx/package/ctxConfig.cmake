# SPDX-License-Identifier: MIT
# find_package(ctx CONFIG) gives the target ctx::ctx.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12.3)
  message(STATUS "ctx: g++ before 12.3 drops the body of some coroutines (GCC bug 106188): see ctx/go.h")
endif()
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include("${CMAKE_CURRENT_LIST_DIR}/ctxTargets.cmake")
