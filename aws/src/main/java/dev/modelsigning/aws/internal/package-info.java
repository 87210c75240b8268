/** Requests, credentials and settings of the AWS SDK. */
@NullMarked
package dev.modelsigning.aws.internal;

import org.jspecify.annotations.NullMarked;
