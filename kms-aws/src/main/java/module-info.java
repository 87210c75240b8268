/** Signs models with keys in AWS KMS. */
// The jars of the AWS SDK have only automatic module names.
@SuppressWarnings({"module", "requires-automatic"})
module dev.modelsigning.kms.aws {
  requires transitive dev.modelsigning;
  requires dev.modelsigning.aws;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.endpoints;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.services.kms;
  requires software.amazon.awssdk.utils;
  requires static transitive org.jspecify;

  exports dev.modelsigning.kms.aws;

  provides dev.modelsigning.signingkey.KeyProvider with
      dev.modelsigning.kms.aws.AwsKeyProvider;
}
