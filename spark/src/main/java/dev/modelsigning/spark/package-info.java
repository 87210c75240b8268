/**
 * Signs and verifies models and datasets with Apache Spark: the driver lists the files and signs,
 * executors read and hash them. The statement is the one that a single machine makes.
 */
@NullMarked
package dev.modelsigning.spark;

import org.jspecify.annotations.NullMarked;
