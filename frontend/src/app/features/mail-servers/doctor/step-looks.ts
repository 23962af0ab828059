import type { DoctorStep } from '../../../core/api/models';
import type { IconName } from '../../../ui/icon/icons';

export const STEP_LOOKS: Readonly<Record<DoctorStep['state'], IconName>> = {
  ok: 'check-circle-fill',
  warning: 'warning-fill',
  failed: 'error-fill',
  skipped: 'more-horiz',
};
