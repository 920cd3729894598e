"""Starts moto's server with what CloudFormation does and moto does not. Usage: moto_server.py <port> [<address of the API>]

Each part names what AWS does. Nothing here makes a template pass that AWS would refuse: types that moto does not know are
taken as they are, which proves nothing about them (cfn-lint holds those against AWS's schemas).
"""

import json
import re
import sys
import threading
import uuid

from moto.cloudformation import models, parsing
from moto.cloudformation.exceptions import CloudFormationError
from moto.cloudformation.responses import CloudFormationResponse
from moto.cloudwatch.models import Dimension, Metric, MetricDataQuery, MetricStat, cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.awslambda.models import LambdaVersion, lambda_backends
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.iam.models import InlinePolicy
from moto.kms.models import kms_backends
from moto.server import main
from moto.sns.models import sns_backends
from moto.sqs.models import Queue

IMPORT = re.compile(r'"Fn::ImportValue": "([^"]+)"')


def exports_of(account, region):
    return models.cloudformation_backends[account][region].exports


# A stack that is made by a change set sees the exports of others, too.
plain_stack = models.Stack.__init__


def stack_with_exports(self, *args, **kwargs):
    plain_stack(self, *args, **kwargs)
    self.cross_stack_resources = exports_of(self.account_id, self.region_name)
    self.resource_map.cross_stack_resources = self.cross_stack_resources


models.Stack.__init__ = stack_with_exports


def imports_of(stack):
    return set(IMPORT.findall(json.dumps(stack.template_dict)))


def exported_names(template):
    names = [one["Export"]["Name"] for one in (template.get("Outputs") or {}).values() if "Export" in one]
    # Those of CDK's own stack are computed; nobody imports them.
    return {name for name in names if isinstance(name, str)}


# "You can't modify or remove an output value that is referenced by another stack."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
def refuse_if_in_use(backend, stack, kept):
    for other in backend.stacks.values():
        if other is stack:
            continue
        for name in sorted((exported_names(stack.template_dict) - kept) & imports_of(other)):
            raise models.ValidationError(
                stack.name,
                message=f"Delete canceled. Cannot delete export {name} as it is in use by {other.name}.",
            )


plain_execute = models.CloudFormationBackend.execute_change_set


class ChangeSetNotFound(CloudFormationError):
    code = "ChangeSetNotFound"


# moto looks change sets up by their name alone, and CDK gives those of all stacks the same.
asked = threading.local()


def remember_stack(name):
    plain = getattr(CloudFormationResponse, name)

    def remembering(self):
        asked.stack = self._get_param("StackName")
        return plain(self)

    setattr(CloudFormationResponse, name, remembering)


remember_stack("describe_change_set")
remember_stack("delete_change_set")


def change_set_of(backend, name, stack_name):
    for change_set in reversed(backend.change_sets.values()):
        in_stack = stack_name in (None, change_set.stack_name, change_set.stack_id)
        if name in (change_set.change_set_id, change_set.change_set_name) and in_stack:
            return change_set
    raise ChangeSetNotFound(f"ChangeSet [{name}] does not exist")


# Change sets go with their stack. CDK deletes the one before, and waits until there is none of that name.
def forget_change_sets(backend, stack):
    for key in [key for key, one in backend.change_sets.items() if one.stack is stack]:
        del backend.change_sets[key]


def execute(self, change_set_name, stack_name=None):
    change_set = change_set_of(self, change_set_name, stack_name)
    stack = change_set.stack
    refuse_if_in_use(self, stack, exported_names(change_set.template_dict))
    plain_execute(self, change_set.change_set_id, stack_name)
    # A change set changes outputs and exports as any deployment does.
    stack._parse_template()
    stack.output_map = stack._create_output_map()
    for name in [one.name for one in self.exports.values() if one.exporting_stack_id == stack.stack_id]:
        self.exports.pop(name)
    for one in stack.exports:
        self.exports[one.name] = one


def describe(self, change_set_name):
    return change_set_of(self, change_set_name, asked.stack)


models.CloudFormationBackend.execute_change_set = execute
models.CloudFormationBackend.describe_change_set = describe


def delete_change_set(self, change_set_name):
    try:
        del self.change_sets[change_set_of(self, change_set_name, asked.stack).change_set_id]
    except ChangeSetNotFound:
        # One that is not there is deleted.
        pass


models.CloudFormationBackend.delete_change_set = delete_change_set

plain_delete_stack = models.CloudFormationBackend.delete_stack


def delete_stack(self, name_or_stack_id):
    for stack in list(self.stacks.values()):
        if name_or_stack_id in (stack.name, stack.stack_id):
            refuse_if_in_use(self, stack, set())
            forget_change_sets(self, stack)
    plain_delete_stack(self, name_or_stack_id)


models.CloudFormationBackend.delete_stack = delete_stack


# What exists is taken into a stack: each resource keeps its physical id, has a deletion policy, and nothing else changes.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html
def remember_imports(plain):
    def remembering(self):
        asked.imports = self._get_param("ResourcesToImport") or []
        return plain(self)

    return remembering


CloudFormationResponse.create_change_set = remember_imports(CloudFormationResponse.create_change_set)

plain_create = models.CloudFormationBackend.create_change_set


def create_change_set(self, *args, **kwargs):
    created = plain_create(self, *args, **kwargs)
    self.change_sets[created[0]].imports = asked.imports
    return created


models.CloudFormationBackend.create_change_set = create_change_set


def existing(resource_type, identifier, account, region):
    if resource_type == "AWS::DynamoDB::Table":
        return dynamodb_backends[account][region].get_table(identifier["TableName"])
    if resource_type == "AWS::KMS::Key":
        return kms_backends[account][region].keys[identifier["KeyId"]]
    raise CloudFormationError(f"{resource_type} cannot be imported here")


plain_apply = models.ChangeSet.apply


def apply(self):
    if self.change_set_type != "IMPORT":
        return plain_apply(self)
    resource_map = self.stack.resource_map
    resources = self.template_dict["Resources"]
    wanted = {one["LogicalResourceId"]: one for one in self.imports}
    for name, resource in resources.items():
        if name not in wanted or "DeletionPolicy" not in resource:
            raise models.ValidationError(self.stack.name, message=f"{name} is not imported, or has no DeletionPolicy")
    if self.template_dict.get("Outputs"):
        raise models.ValidationError(self.stack.name, message="As part of the import operation, you cannot modify or add [Outputs]")
    resource_map._template, resource_map._resource_json_map = self.template_dict, resources
    for name, one in wanted.items():
        found = existing(one["ResourceType"], one["ResourceIdentifier"], self.stack.account_id, self.stack.region_name)
        found.logical_resource_id, found.type = name, one["ResourceType"]
        resource_map._parsed_resources[name] = found


models.ChangeSet.apply = apply


# Types that moto does not know: they have an id, and attributes that look like one.
class Taken(CloudFormationModel):
    # moto takes the service's name from here.
    __module__ = "moto.taken.models"

    def __init__(self, name):
        self.name = name

    @property
    def physical_resource_id(self):
        return self.name

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    def get_cfn_attribute(self, attribute_name):
        return f"https://{self.name}.example" if attribute_name == "ApiEndpoint" else f"{self.name}-{attribute_name}"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        return cls(f"taken{uuid.uuid4().hex[:10]}")

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        pass


# "UsePreviousValue" hands over what the parameter's name was replaced by before.
plain_parameter = parsing.ResourceMap.parse_ssm_parameter


def parameter_or_its_value(self, value, value_type):
    try:
        return plain_parameter(self, value, value_type)
    except AttributeError:
        return value


parsing.ResourceMap.parse_ssm_parameter = parameter_or_its_value


# A policy is changed under its name; moto would write the new one and then delete it by that name.
def update_policy(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    original_resource.policy_document = json.dumps(cloudformation_json["Properties"]["PolicyDocument"])
    return original_resource


InlinePolicy.update_from_cloudformation_json = classmethod(update_policy)

# A version stays when the next one takes over.
LambdaVersion.delete_from_cloudformation_json = classmethod(lambda cls, *args: None)

# The number of a published version.
LambdaVersion.has_cfn_attr = classmethod(lambda cls, attr: attr == "Version")
LambdaVersion.get_cfn_attribute = lambda self, name: self.version


class Alias(Taken):
    """AWS::Lambda::Alias, by moto's own API."""

    __module__ = "moto.taken.models"

    @classmethod
    def has_cfn_attr(cls, attr):
        return False

    @staticmethod
    def given(cloudformation_json, account_id, region_name):
        properties = cloudformation_json["Properties"]
        name, function = properties["Name"], properties["FunctionName"]
        return lambda_backends[account_id][region_name], name, function, str(properties["FunctionVersion"])

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        backend, name, function, version = cls.given(cloudformation_json, account_id, region_name)
        return cls(backend.create_alias(name, function, version, "", "").arn)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        backend, name, function, version = cls.given(cloudformation_json, account_id, region_name)
        backend.update_alias(name, function, version, "", "")
        return original_resource


class Api(Taken):
    """AWS::ApiGatewayV2::Api: moto knows the routes of one and answers none of them, so it is where the caller has one."""

    __module__ = "moto.taken.models"

    def get_cfn_attribute(self, attribute_name):
        is_address = attribute_name == "ApiEndpoint" and len(sys.argv) > 2
        return sys.argv[2] if is_address else super().get_cfn_attribute(attribute_name)


class Alarm(Taken):
    """AWS::CloudWatch::Alarm, by moto's own API."""

    __module__ = "moto.taken.models"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        given = cloudformation_json["Properties"]
        name = given.get("AlarmName", resource_name)
        cloudwatch_backends[account_id][region_name].put_metric_alarm(
            name=name,
            namespace=given.get("Namespace"),
            metric_name=given.get("MetricName"),
            comparison_operator=given["ComparisonOperator"],
            evaluation_periods=given["EvaluationPeriods"],
            period=given.get("Period"),
            threshold=given.get("Threshold"),
            statistic=given.get("Statistic"),
            extended_statistic=given.get("ExtendedStatistic"),
            description=given.get("AlarmDescription"),
            dimensions=given.get("Dimensions", []),
            alarm_actions=given.get("AlarmActions", []),
            ok_actions=given.get("OKActions", []),
            insufficient_data_actions=given.get("InsufficientDataActions", []),
            metric_data_queries=[query_of(one) for one in given["Metrics"]] if "Metrics" in given else None,
            datapoints_to_alarm=given.get("DatapointsToAlarm"),
            treat_missing_data=given.get("TreatMissingData"),
        )
        return cls(name)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        return cls.create_from_cloudformation_json(original_resource.name, cloudformation_json, account_id, region_name)

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        cloudwatch_backends[account_id][region_name].delete_alarms([resource_name])


def query_of(given):
    """One of the metrics that an alarm computes with."""
    stat = given.get("MetricStat")
    if stat is not None:
        metric = stat["Metric"]
        dimensions = [Dimension(name=one["Name"], value=one["Value"]) for one in metric.get("Dimensions", [])]
        of = Metric(metric_name=metric["MetricName"], namespace=metric["Namespace"], dimensions=dimensions)
        stat = MetricStat(metric=of, period=stat["Period"], stat=stat["Stat"], unit=stat.get("Unit"))
    return MetricDataQuery(
        query_id=given["Id"],
        label=given.get("Label"),
        period=given.get("Period"),
        return_data=given.get("ReturnData"),
        expression=given.get("Expression"),
        metric_stat=stat,
    )


class Subscription(Taken):
    """AWS::SNS::Subscription, by moto's own API, which takes each as confirmed."""

    __module__ = "moto.taken.models"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        given = cloudformation_json["Properties"]
        backend = sns_backends[account_id][region_name]
        # moto shows how many there are and never counts them.
        backend.get_topic(given["TopicArn"]).subscriptions_confimed += 1
        return cls(backend.subscribe(given["TopicArn"], given["Endpoint"], given["Protocol"]).arn)

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        sns_backends[account_id][region_name].unsubscribe(resource_name)


def whole_table(plain):
    """With what moto leaves out of a table's properties."""

    def create(resource_name, cloudformation_json, account_id, region_name, **kwargs):
        table = plain(resource_name, cloudformation_json, account_id, region_name, **kwargs)
        given = cloudformation_json["Properties"]
        backend = dynamodb_backends[account_id][region_name]
        if "PointInTimeRecoverySpecification" in given:
            backend.update_continuous_backups(table.name, given["PointInTimeRecoverySpecification"])
        if "TimeToLiveSpecification" in given:
            backend.update_time_to_live(table.name, given["TimeToLiveSpecification"])
        if "SSESpecification" in given:
            # The API's word; moto looks for it in the template, too.
            table.sse_specification["Enabled"] = given["SSESpecification"]["SSEEnabled"] in (True, "true")
        return table

    return create


Table.create_from_cloudformation_json = whole_table(Table.create_from_cloudformation_json)


# Functions are run by pollers of our own: moto would run them in containers, whenever a message or a record comes.
class Nobody(dict):
    def __setitem__(self, key, value):
        pass


def polled_by_nobody(plain):
    def init(self, *args, **kwargs):
        plain(self, *args, **kwargs)
        self.lambda_event_source_mappings = Nobody()

    return init


Queue.__init__ = polled_by_nobody(Queue.__init__)
Table.__init__ = polled_by_nobody(Table.__init__)

# A queue is where this server is; moto would name AWS's own, for anybody to call who takes the name of a queue for its address.
Queue.physical_resource_id = property(lambda self: f"http://localhost:{sys.argv[1]}/{self.account_id}/{self.name}")


def referred(value):
    """Logical ids that a part of a template names."""
    if isinstance(value, list):
        return set().union(*map(referred, value))
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, inner in value.items():
        if key == "Ref":
            found.add(inner)
        elif key == "Fn::GetAtt":
            found.add(inner[0] if isinstance(inner, list) else inner.split(".")[0])
        elif key == "DependsOn":
            found.update([inner] if isinstance(inner, str) else inner)
        elif key == "Fn::Sub":
            text = inner if isinstance(inner, str) else inner[0]
            found.update(name.split(".")[0] for name in re.findall(r"\$\{([^}!]+)\}", text))
            found |= referred(inner)
        else:
            found |= referred(inner)
    return found


def in_order(resources):
    """What others refer to comes before them."""
    ordered = {}

    def visit(name):
        if name not in resources or name in ordered:
            return
        for needed in sorted(referred(resources[name]) - {name}):
            visit(needed)
        ordered[name] = None

    for name in resources:
        visit(name)
    return list(ordered)


# moto takes away first, whatever the deletion policy, then adds, then changes. CloudFormation follows references, and cleans up last:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
def update_resources(self, template, parameters=None):
    actions = self.build_resource_diff(template, parameters)
    before = self._resource_json_map
    self._template = template
    if parameters:
        self.input_parameters = parameters
    self.load_mapping()
    self.load_parameters()
    self.load_conditions()
    self._resource_json_map = template["Resources"]
    where = {"account_id": self._account_id, "region_name": self._region_name}
    for name in in_order(template["Resources"]):
        if name in actions["Add"]:
            self[name]
        elif name in actions["Modify"]:
            self._parsed_resources[name] = parsing.parse_and_update_resource(name, template["Resources"][name], self, **where)
    for name in reversed(in_order({name: before[name] for name in actions["Remove"]})):
        gone = self._parsed_resources.pop(name, None)
        if gone is not None and before[name].get("DeletionPolicy") != "Retain":
            self._delete_resource(gone, before[name])


parsing.ResourceMap.update = update_resources

plain_class = parsing.resource_class_from_type
BY_API = {
    "AWS::Lambda::Alias": Alias,
    "AWS::ApiGatewayV2::Api": Api,
    "AWS::CloudWatch::Alarm": Alarm,
    "AWS::SNS::Subscription": Subscription,
}


def class_of(resource_type):
    if resource_type in parsing.NULL_MODELS or resource_type.startswith("Custom::"):
        return plain_class(resource_type)
    if resource_type in BY_API:
        return BY_API[resource_type]
    return parsing.get_model_map().get(resource_type, Taken)


parsing.resource_class_from_type = class_of

main(["-H", "127.0.0.1", "-p", sys.argv[1]])
