/** The signed content: in-toto statements with their predicates (OMS 5, 6.5, 6.6, 8.3). */
@NullMarked
package dev.modelsigning.statement;

import org.jspecify.annotations.NullMarked;
