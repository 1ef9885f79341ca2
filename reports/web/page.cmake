# The page of reports: TypeScript and uPlot, bundled into one HTML file that becomes page.cpp. Needs Node.js 18 or newer
# and npm (ci/deps --node). Everything happens in a copy in the build folder; nothing is written beside the sources.
# Included by the folder above. Sets ROLLCALL_PAGE_SOURCE: page.cpp, or a stand-in that holds no page.
option(ROLLCALL_PAGE "Build the HTML page of reports where Node.js and npm are there" ON)
set(ROLLCALL_PAGE_SOURCE ${CMAKE_CURRENT_SOURCE_DIR}/html/no_page.cpp)
if(NOT ROLLCALL_PAGE)
  return()
endif()
find_program(ROLLCALL_NODE node)
find_program(ROLLCALL_NPM npm)
if(NOT ROLLCALL_NODE OR NOT ROLLCALL_NPM)
  message(STATUS "No Node.js or no npm: reports are built without their HTML page (ci/deps --node installs both)")
  return()
endif()
execute_process(COMMAND ${ROLLCALL_NODE} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT version MATCHES "^v([0-9]+)\\." OR CMAKE_MATCH_1 LESS 18)
  message(STATUS "Node.js ${version} is older than 18: reports are built without their HTML page")
  return()
endif()

set(web ${CMAKE_CURRENT_SOURCE_DIR}/web)
set(place ${CMAKE_CURRENT_BINARY_DIR}/page)
set(packages package.json package-lock.json)
set(sources build.mjs page.html tsconfig.json src/charts.ts src/conformance.ts src/data.ts src/dom.ts src/failures.ts
  src/load.ts src/main.ts src/numbers.ts src/plot.ts src/style.css src/unjudged.ts src/verdict.ts)
list(TRANSFORM packages PREPEND ${web}/ OUTPUT_VARIABLE packages_from)
list(TRANSFORM sources PREPEND ${web}/ OUTPUT_VARIABLE sources_from)

add_custom_command(OUTPUT ${place}/packages.stamp
  COMMAND ${CMAKE_COMMAND} "-DFILES=${packages}" -DFROM=${web} -DTO=${place}
    -P ${web}/copy.cmake
  COMMAND ${CMAKE_COMMAND} -DNPM=${ROLLCALL_NPM} -DPLACE=${place} -DCACHE=${CMAKE_BINARY_DIR}/npm-cache
    -P ${web}/fetch.cmake
  COMMAND ${CMAKE_COMMAND} -E touch ${place}/packages.stamp
  DEPENDS ${packages_from} ${web}/copy.cmake ${web}/fetch.cmake COMMENT "Fetching what the report's page is built with" VERBATIM)
add_custom_command(OUTPUT ${place}/page.cpp
  COMMAND ${CMAKE_COMMAND} "-DFILES=${sources}" -DFROM=${web} -DTO=${place}
    -P ${web}/copy.cmake
  COMMAND ${ROLLCALL_NODE} build.mjs
  DEPENDS ${place}/packages.stamp ${sources_from} ${web}/copy.cmake WORKING_DIRECTORY ${place}
  COMMENT "Bundling the report's page" VERBATIM)
set(ROLLCALL_PAGE_SOURCE ${place}/page.cpp)
