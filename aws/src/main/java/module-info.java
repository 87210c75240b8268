/** What the modules for services of AWS have in common. For these modules only. */
// The jars of the AWS SDK have only automatic module names.
@SuppressWarnings({"module", "requires-automatic"})
module dev.modelsigning.aws {
  requires java.xml;
  requires transitive dev.modelsigning;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.utils;
  requires static transitive org.jspecify;

  exports dev.modelsigning.aws.internal to
      dev.modelsigning.kms.aws,
      dev.modelsigning.s3;
}
