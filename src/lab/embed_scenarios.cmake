# SPDX-License-Identifier: MIT
# Writes `out`, a source that holds the named files of `folder`. Editing one of them configures again.
function(ctxlab_embed_scenarios out folder)
  set(CTXLAB_SCENARIO_FILES "")
  foreach(name ${ARGN})
    file(READ ${folder}/${name}.json text)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${name}.json)
    string(APPEND CTXLAB_SCENARIO_FILES "    {\"${name}.json\", R\"scenario(${text})scenario\"},\n")
  endforeach()
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/scenario_files.cpp.in ${out} @ONLY)
endfunction()
