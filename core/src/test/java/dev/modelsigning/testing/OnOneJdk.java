package dev.modelsigning.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks tests that take long for what a JDK can change in them: they run the finished program
 * against servers and programs of others. CI runs them on one of the JDKs, and before a release on
 * the other one. What the JDK does in them, which is signatures, certificates, JSON, HTTP, and
 * files, other tests check on both.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("one-jdk")
public @interface OnOneJdk {}
