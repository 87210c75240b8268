/** Signs and verifies models in S3 and other object stores, where they are. */
// The jars of the AWS SDK have only automatic module names.
@SuppressWarnings({"module", "requires-automatic"})
module dev.modelsigning.s3 {
  requires transitive dev.modelsigning;
  requires dev.modelsigning.aws;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.endpoints;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.auth.aws;
  requires software.amazon.awssdk.http.auth.spi;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.retries;
  requires software.amazon.awssdk.retries.api;
  requires software.amazon.awssdk.services.s3;
  requires software.amazon.awssdk.utils;
  requires static transitive org.jspecify;

  exports dev.modelsigning.s3;
}
