package dev.modelsigning.cli.form;

import org.jspecify.annotations.Nullable;

/**
 * What the annotations of the common commands say, as far as it counts for parsing. A test has
 * written it, and fails if they say something else.
 *
 * <p>Texts, as the JVM makes one only for a class that is asked for. A line is a declaration:
 *
 * <pre>
 * command NAME
 * super CLASS                                        what the class above declares
 * spec FIELD
 * mixin FIELD CLASS                                  what the class in the field declares
 * option FIELD TYPE LABEL PROPERTY NAME...
 * parameter FIELD TYPE LABEL PROPERTY INDEX ARITY
 * </pre>
 */
final class FormTable {

  /** Where all classes of the table are. */
  static final String ROOM = "dev.modelsigning.cli.";

  private FormTable() {}

  /** What a class declares; null if it is not here. */
  static @Nullable String of(String type) {
    if (!type.startsWith(ROOM)) {
      return null;
    }
    return switch (type.substring(ROOM.length())) {
      case "RootCommand" ->
          """
          command model-signing
          spec spec
          option logLevel cli.output.LogLevel LEVEL inherited --log-level
          """;
      case "verify.VerifyCommand" ->
          """
          command verify
          mixin method command.MissingMethod
          """;
      case "command.MissingMethod" ->
          """
          spec group
          parameter arguments String... <arguments> hidden 0..* 0..*
          """;
      case "verify.VerifyKeyCommand" ->
          """
          command key
          super verify.VerificationCommand
          mixin method method.KeyVerification
          """;
      case "verify.VerificationCommand" ->
          """
          spec spec
          mixin verification verify.VerifyArguments
          """;
      case "verify.VerifyArguments" ->
          """
          mixin model model.ModelArgument
          option signature cli.command.Place FILE required --signature
          mixin signed model.SignedReading
          option strict boolean <strict> optional --strict
          option format cli.command.VerdictFormat FORMAT optional --format
          option listFiles boolean <listFiles> optional --list-files
          option report Path FILE optional --report
          option only Path... PATH optional --only
          option copy Path DIR optional --copy-to
          option pull Path DIR optional --pull
          mixin lists command.ListArguments
          mixin watch watch.WatchArguments
          mixin each verify.EachArguments
          mixin store store.StoreArguments
          """;
      case "model.ModelArgument" ->
          """
          spec command
          parameter model cli.command.Place MODEL_PATH required 0 1
          option ignorePaths Path... PATH optional --ignore-paths
          option ignoreGitPaths Boolean <ignoreGitPaths> negatable --ignore-git-paths
          option jobs Long N optional --jobs
          option quiet boolean <quiet> optional -q --quiet
          """;
      case "model.SignedReading" ->
          """
          option allowSymlinks Boolean <allowSymlinks> negatable --allow-symlinks
          option kubernetesVolume boolean <kubernetesVolume> optional --kubernetes-volume
          option ignoreUnsignedFiles Boolean <ignoreUnsignedFiles> negatable --ignore-unsigned-files
          """;
      case "command.ListArguments" ->
          """
          option all boolean <all> optional --all
          """;
      case "watch.WatchArguments" ->
          """
          option interval Duration INTERVAL optional --watch
          option log Path FILE optional --termination-log
          """;
      case "verify.EachArguments" ->
          """
          option directories Path... DIR optional --each
          option signatureName String NAME optional --signature-name
          """;
      case "store.StoreArguments" ->
          """
          option endpoint String URL optional --s3-endpoint
          option requesterPays boolean <requesterPays> optional --s3-requester-pays
          """;
      case "method.KeyVerification" ->
          """
          super method.VerificationMethod
          option publicKey cli.keys.KeyName KEY required --public-key
          mixin keys keys.KeyArguments
          mixin beyond keys.BeyondOms
          mixin timestamps trust.TimestampArguments
          """;
      case "method.VerificationMethod" ->
          """
          spec spec
          """;
      case "keys.KeyArguments" ->
          """
          option module Path FILE optional --module-path
          """;
      case "keys.BeyondOms" ->
          """
          option given boolean <given> optional --beyond-oms
          """;
      case "trust.TimestampArguments" ->
          """
          option files Path... FILE optional --tsa-certificate-chain
          """;
      case "verify.VerifyCertificateCommand" ->
          """
          command certificate
          super verify.VerificationCommand
          mixin method method.CertificateVerification
          """;
      case "method.CertificateVerification" ->
          """
          super method.VerificationMethod
          mixin trust trust.CertificateTrust
          mixin timestamps trust.TimestampArguments
          mixin network trust.NetworkArguments
          """;
      case "trust.CertificateTrust" ->
          """
          option chain Path... FILE optional --certificate-chain
          option identities String... NAME optional --certificate-identity
          option fingerprints String... SHA256 optional --certificate-fingerprint
          option verificationTime Instant TIME optional --verification-time
          option revocationLists Path... FILE optional --crl
          option online boolean <online> optional --revocation-check
          option softFail boolean <softFail> optional --revocation-soft-fail
          option logFingerprints Boolean <logFingerprints> negatable --log-fingerprints
          """;
      case "trust.NetworkArguments" ->
          """
          option caFile Path FILE optional --ca-file
          """;
      case "verify.VerifySigstoreCommand" ->
          """
          command sigstore
          super verify.VerificationCommand
          mixin method method.SigstoreVerification
          """;
      case "method.SigstoreVerification" ->
          """
          super method.VerificationMethod
          option identityProvider String URL required --identity-provider
          mixin trust trust.SigstoreTrust
          mixin later method.LaterTimestampArguments
          """;
      case "trust.SigstoreTrust" ->
          """
          option identity String NAME optional --identity
          option identityRegexp String REGEXP optional --identity-regexp
          mixin instance trust.SigstoreArguments
          option trustedRoot Path FILE optional --trusted-root
          option offline boolean <offline> optional --offline
          """;
      case "trust.SigstoreArguments" ->
          """
          option staging Boolean <staging> negatable --use-staging
          option trustConfig Path FILE optional --trust-config
          option repositoryAddress URI URL optional --trust-repository
          option repositoryRoot Path FILE optional --trust-root
          mixin network trust.NetworkArguments
          """;
      case "method.LaterTimestampArguments" ->
          """
          option files Path... FILE optional --tsa-certificate-chain
          """;
      case "policy.VerifyPolicyCommand" ->
          """
          command policy
          spec spec
          mixin models model.ModelsArgument
          mixin policy policy.PolicyArguments
          option signatures cli.command.Place... FILE optional --signature
          option claims cli.command.Place... FILE optional --claims
          mixin stored policy.StoreModels
          option format cli.command.VerdictFormat FORMAT optional --format
          mixin page policy.PageArguments
          mixin summary policy.SummaryArguments
          mixin lists command.ListArguments
          mixin watch watch.WatchArguments
          """;
      case "model.ModelsArgument" ->
          """
          parameter models cli.command.Place... MODEL_PATH required 0..* 1..*
          option jobs Long N optional --jobs
          option quiet boolean <quiet> optional -q --quiet
          """;
      case "policy.PolicyArguments" ->
          """
          mixin policy policy.PolicyFileArguments
          option root Path DIR optional --root
          """;
      case "policy.PolicyFileArguments" ->
          """
          option file Path FILE required --policy
          option digest String DIGEST optional --policy-digest
          option signature Path FILE optional --policy-signature
          option key Path FILE optional --policy-key
          """;
      case "policy.StoreModels" ->
          """
          mixin store store.StoreArguments
          """;
      case "policy.PageArguments" ->
          """
          option report Path FILE optional --report
          """;
      case "policy.SummaryArguments" ->
          """
          option file Path FILE optional --vsa
          option key cli.keys.KeyName KEY optional --vsa-key
          option verifier String URI optional --vsa-verifier
          option policyUri String URI optional --vsa-policy-uri
          option resourceUri String URI optional --vsa-resource-uri
          mixin keys keys.KeyArguments
          mixin password keys.PasswordArguments
          """;
      case "keys.PasswordArguments" ->
          """
          option password char[] PASSWORD optional --password
          option passwordFile Path FILE optional --password-file
          """;
      case "sign.SignCommand" ->
          """
          command sign
          mixin method command.MissingMethod
          """;
      case "sign.SignKeyCommand" ->
          """
          command key
          super sign.SigningCommand
          mixin method method.KeyMethod
          mixin also sign.AlsoArguments
          """;
      case "sign.SigningCommand" ->
          """
          spec spec
          mixin hashing model.HashArguments
          mixin format command.FormatArgument
          mixin lists command.ListArguments
          mixin signature sign.SignatureArgument
          mixin update sign.UpdateArguments
          mixin attach registry.AttachArguments
          mixin store store.StoreArguments
          mixin split sign.SplitArguments
          option trustStoredChecksums boolean <trustStoredChecksums> optional --trust-stored-checksums
          """;
      case "model.HashArguments" ->
          """
          mixin model model.ModelArgument
          option allowSymlinks boolean <allowSymlinks> optional --allow-symlinks
          option hashAlgorithm model.HashAlgorithm NAME optional --hash-algorithm
          option shardSize Long BYTES optional --shard-size
          option name String NAME optional --name
          """;
      case "command.FormatArgument" ->
          """
          option format cli.command.FormatArgument$Format FORMAT optional --format
          """;
      case "sign.SignatureArgument" ->
          """
          option signature cli.command.Place FILE optional --signature
          """;
      case "sign.UpdateArguments" ->
          """
          option update boolean <update> optional --update
          option full boolean <full> optional --full
          mixin trust predicate.ModelTrust
          """;
      case "predicate.ModelTrust" ->
          """
          option key cli.keys.KeyName KEY optional --verify-key
          option chain Path... FILE optional --verify-certificate-chain
          option authorities Path... FILE optional --verify-tsa-certificate-chain
          option identity String NAME optional --verify-identity
          option provider String URL optional --verify-identity-provider
          option trustedRoot Path FILE optional --verify-trusted-root
          """;
      case "registry.AttachArguments" ->
          """
          mixin attach registry.AttachModeOption
          option noImageStatement boolean <noImageStatement> optional --no-image-statement
          """;
      case "registry.AttachModeOption" ->
          """
          option attach String HOW optional --attach
          """;
      case "sign.SplitArguments" ->
          """
          option split boolean <split> optional --split-by-prefix
          option size Long N optional --split-size
          """;
      case "method.KeyMethod" ->
          """
          super method.SigningMethod
          option privateKey cli.keys.KeyName KEY required --private-key
          mixin keys keys.KeyArguments
          mixin beyond keys.BeyondOms
          mixin password keys.PasswordArguments
          mixin timestamp method.TimestampingArguments
          """;
      case "method.SigningMethod" ->
          """
          spec spec
          """;
      case "method.TimestampingArguments" ->
          """
          option url URI URL optional --tsa-url
          mixin trusted trust.NewTimestampArguments
          mixin network trust.NetworkArguments
          """;
      case "trust.NewTimestampArguments" ->
          """
          option files Path... FILE optional --tsa-certificate-chain
          """;
      case "sign.AlsoArguments" ->
          """
          option key cli.keys.KeyName KEY optional --also
          """;
      case "sign.SignCertificateCommand" ->
          """
          command certificate
          super sign.SigningCommand
          mixin method method.CertificateMethod
          """;
      case "method.CertificateMethod" ->
          """
          super method.SigningMethod
          option privateKey cli.keys.KeyName KEY optional --private-key
          mixin keys keys.KeyArguments
          option certificate Path FILE optional --signing-certificate
          mixin certificates method.CertificateArguments
          option keyStore Path FILE optional --keystore
          option alias String NAME optional --alias
          mixin password keys.PasswordArguments
          mixin timestamp method.TimestampingArguments
          """;
      case "method.CertificateArguments" ->
          """
          option chain Path... FILE optional --certificate-chain
          """;
      case "sign.SignSigstoreCommand" ->
          """
          command sigstore
          super sign.SigningCommand
          mixin method method.SigstoreMethod
          """;
      case "method.SigstoreMethod" ->
          """
          super method.SigningMethod
          mixin instance trust.SigstoreArguments
          mixin identity method.IdentityTokenArguments
          option rekorVersion Long N optional --rekor-version
          option certificateIdentity String IDENTITY optional --certificate-identity
          """;
      case "method.IdentityTokenArguments" ->
          """
          option token String TOKEN optional --identity-token
          option tokenFile Path FILE optional --identity-token-file
          option ambient Boolean <ambient> negatable --use-ambient-credentials
          option outOfBand Boolean <outOfBand> negatable --oauth-force-oob
          option yes boolean <yes> optional -y --yes
          option clientId String ID optional --client-id
          option clientSecret String SECRET optional --client-secret
          """;
      case "inspect.DigestCommand" ->
          """
          command digest
          spec spec
          mixin hashing model.HashArguments
          mixin format command.FormatArgument
          mixin store store.StoreArguments
          """;
      case "inspect.InspectCommand" ->
          """
          command inspect
          spec spec
          parameter signature cli.command.Place SIGNATURE required 0 1
          option payload boolean <payload> optional --payload
          option layer inspection.Layer LAYER optional --layer
          option lineage boolean <lineage> optional --lineage
          option claims cli.command.Place... FILE optional --claims
          option format cli.command.ReportFormat FORMAT optional --format
          mixin lists command.ListArguments
          mixin store store.StoreArguments
          """;
      default -> null;
    };
  }
}
