# SPDX-License-Identifier: MIT
# find_package(ctx CONFIG) gives the target ctx::ctx.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include("${CMAKE_CURRENT_LIST_DIR}/ctxTargets.cmake")
