import { type BatchRemainder, type BatchStanding, batchRemainders, isReadOnly, standingOf } from '../batchCounts.js'
import type { OperationFormat } from '../operationFormat.js'
import type { OperationMessages } from '../operationMessages.js'
import { operationPercent } from '../operationPercent.js'
import { operationRuntime } from '../operationRuntime.js'

const itemStates: Record<BatchStanding, string> = {
  waiting: 'في الانتظار',
  pending: 'قيد التنفيذ',
  succeeded: 'تم',
  failed: 'فشل',
  notDone: 'لم يُنفَّذ',
  unknown: 'غير معروف',
}

/** So many of something, with its number, which for one and two is in the name itself. */
function counted(
  value: number,
  { number, plural }: OperationFormat,
  [one, two, few, many, other]: readonly [one: string, two: string, few: string, many: string, other: string],
): string {
  const withNumber = (name: string) => `${number(value)} ${name}`
  return plural(value, { one, two, few: withNumber(few), many: withNumber(many), other: withNumber(other) })
}

// Both in the genitive, which every sentence below asks for.
const items = (value: number, format: OperationFormat) =>
  counted(value, format, ['عنصر واحد', 'عنصرين', 'عناصر', 'عنصرًا', 'عنصر'])
const operations = (value: number, format: OperationFormat) =>
  counted(value, format, ['عملية واحدة', 'عمليتين', 'عمليات', 'عملية', 'عملية'])

const inSentence: Record<BatchRemainder, (items: string) => string> = {
  failed: (items) => `فشل ${items}`,
  notDone: (items) => `لم يتم تنفيذ ${items}`,
  unknown: (items) => `حالة ${items} غير معروفة`,
  pending: (items) => `يستمر العمل على ${items}`,
}

/** For numbers and times. `ar-EG` has Arabic-Indic digits. */
export const locale = 'ar'

/** The texts in Arabic. */
export const messages: OperationMessages = {
  idle: () => 'لم يبدأ بعد.',
  pending: () => 'جارٍ إرسال الطلب…',
  running: ({ progress: { message, percent, completed } }) =>
    message || (percent === null && completed === undefined ? 'جارٍ العمل…' : ''),
  connectionLost: () => 'انقطع الاتصال. تجري إعادة المحاولة…',
  serviceUnavailable: () => 'لا ترد الخدمة كما ينبغي. تجري إعادة المحاولة…',
  waitingForSignIn: () => 'في انتظار تسجيل الدخول…',
  offline: () => 'انقطع الاتصال بالإنترنت. تستمر العملية عند عودة الاتصال.',
  pausedWhileHidden: () => 'متوقف مؤقتًا ما دامت الصفحة مخفية.',
  paused: () => 'متوقف مؤقتًا. قد تستمر الخدمة في العمل.',
  cannotCancel: () => 'لا يمكن لهذه الخدمة الإلغاء. العملية مستمرة.',
  cancelFailed: () => 'تعذّر الإلغاء. العملية مستمرة.',
  cancelling: () => 'جارٍ الإلغاء…',
  cancelled: () => 'أُلغيت العملية. قد يبقى ما أُنجز منها.',
  completed: (operation, { duration }) =>
    operationRuntime(operation) < 1000
      ? 'اكتملت العملية.'
      : `اكتملت العملية خلال ${duration(operationRuntime(operation))}.`,
  completedAfterCancel: () => 'اكتملت العملية قبل أن يمكن إلغاؤها.',
  serviceError: ({ error }) => error?.message || 'تعذّر على الخدمة تنفيذ العملية.',
  expired: () => 'لم تعد النتيجة متاحة.',
  timeout: (operation, { duration }) =>
    `لا توجد نتيجة بعد ${duration(operationRuntime(operation))}. ربما لا تزال الخدمة تعمل على العملية.`,
  networkError: () => 'لم ترد الخدمة. لا يُعرف هل بدأت العملية.',
  monitorError: () => 'تعذّرت معرفة مدى التقدم. ربما لا تزال الخدمة تعمل على العملية.',
  protocolError: () => 'تعذّرت قراءة رد الخدمة.',
  configurationError: () => 'تعذّر إرسال الطلب.',
  errorCode: ({ error }) => (error?.code ? `خطأ ${error.code}` : ''),
  percent: (operation, { percent }) => percent(operationPercent(operation) ?? 0),
  itemCount: ({ progress: { completed = 0, total } }, { number }) =>
    total === undefined ? number(completed) : `${number(completed)} من ${number(total)}`,
  failed: ({ error }, { label }) => (error?.kind === 'service' ? `${label}، فشلت العملية:` : `${label}:`),
  started: () => 'بدأت العملية.',
  announcement: (_, { label }, text) => `${label}: ${text}`,
  elapsed: () => 'الوقت المنقضي',
  cancel: () => 'إلغاء',
  retry: () => 'إعادة المحاولة',
  checkNow: () => 'التحقق الآن',
  dismiss: () => 'إغلاق',
  batchSummary: (operation, context) => {
    const { number, list, counts } = context
    const done = `${isReadOnly(operation) ? 'تمت قراءة' : 'تم حفظ'} ${items(counts.succeeded, context)}`
    return `${list([
      `${done} من أصل ${number(counts.total)}`,
      ...batchRemainders(counts).map((name) => inSentence[name](items(counts[name], context))),
    ])}.`
  },
  failedCount: (_, context) => inSentence.failed(items(context.counts.failed, context)),
  retryFailed: (_, { number, counts: { failed, notDone } }) => `إعادة محاولة ما فشل (${number(failed + notDone)})`,
  itemName: ({ label, method }, _, path) => label || `${method} ${path}`,
  itemState: (item) => itemStates[standingOf(item)] ?? '',
  itemReason: ({ outcome, error }) => {
    const said = error?.message ?? ''
    if (outcome === 'failed') return said || 'تعذّر على الخدمة تنفيذ العملية.'
    if (outcome === 'rolled-back') return `لم يُحفظ شيء من مجموعته. ${said}`.trim()
    return outcome === 'dependency-failed' ? 'فشل عنصر يعتمد عليه.' : ''
  },
  showAll: (_, { number, counts }) => `عرض الكل (${number(counts.total)})`,
  showFewer: () => 'عرض أقل',
  showMore: () => 'عرض المزيد',
  busy: (_, { label }) => `${label}…`,
  open: () => 'فتح',
  trayTitle: () => 'العمليات',
  traySummary: ({ active, results, failures }, format) =>
    [
      'العمليات',
      format.list([
        ...(active ? [inSentence.pending(operations(active, format))] : []),
        ...(results
          ? [counted(results, format, ['نتيجة جديدة', 'نتيجتان جديدتان', 'نتائج جديدة', 'نتيجة جديدة', 'نتيجة جديدة'])]
          : []),
        ...(failures ? [inSentence.failed(operations(failures, format))] : []),
      ]),
    ]
      .filter(Boolean)
      .join(': '),
  trayEmpty: () => 'لا توجد عمليات.',
  dismissFinished: () => 'إغلاق المنتهية',
  cancelAll: () => 'إلغاء الكل',
  cancelAllQuestion: ({ cancellable }, format) => `هل تريد إلغاء ${operations(cancellable, format)}؟`,
  keepRunning: () => 'متابعة العمل',
}
