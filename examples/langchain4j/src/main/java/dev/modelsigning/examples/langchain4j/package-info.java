/** How to load exactly what was verified into LangChain4j. */
@NullMarked
package dev.modelsigning.examples.langchain4j;

import org.jspecify.annotations.NullMarked;
