package dev.modelsigning.spark;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Marks tests that start {@code spark-submit}. They are skipped where it is not installed. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.modelsigning.spark.SparkSubmit#isThere",
    disabledReason =
        "no Spark on this machine; with Python run: integration/spark/install .cache/spark")
@interface WithSpark {}
