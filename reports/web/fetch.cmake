# cmake -DNPM=npm -DPLACE=folder -DCACHE=folder -P fetch.cmake: npm ci, and what to do when it cannot.
execute_process(
  COMMAND ${NPM} ci --prefer-offline --ignore-scripts --no-audit --no-fund --cache ${CACHE}
  WORKING_DIRECTORY ${PLACE} RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR
    "error: npm could not fetch what the report's page is built with; cmake -DROLLCALL_PAGE=OFF builds without the page")
endif()
